CREATE TABLE `retention_settings` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`member_days` integer,
	`visitor_days` integer,
	`include_pinned` integer NOT NULL,
	`effective_at` integer NOT NULL,
	`last_run_at` integer,
	FOREIGN KEY (`workspace_id`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `conversations` ADD `imported_at` integer;