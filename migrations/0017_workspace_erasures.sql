DROP INDEX `erasures_user_id_unique`;--> statement-breakpoint
ALTER TABLE `erasures` ADD `workspace_id` text;--> statement-breakpoint
CREATE UNIQUE INDEX `erasures_account` ON `erasures` (`user_id`) WHERE workspace_id IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `erasures_workspace` ON `erasures` (`workspace_id`);