CREATE TABLE `workspace_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`box` text NOT NULL,
	FOREIGN KEY (`id`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `provider_keys` ADD `kind` text;--> statement-breakpoint
ALTER TABLE `provider_keys` ADD `address` text;--> statement-breakpoint
ALTER TABLE `provider_keys` ADD `is_own` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `provider_keys` ADD `access_client_id` text;