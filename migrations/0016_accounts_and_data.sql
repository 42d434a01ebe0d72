CREATE TABLE `consents` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`version` text NOT NULL,
	`terms_url` text NOT NULL,
	`privacy_url` text NOT NULL,
	`address` text,
	`agent` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `consents_version` ON `consents` (`user_id`,`version`);--> statement-breakpoint
CREATE TABLE `passkeys` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`credential_id` text NOT NULL,
	`public_key` text NOT NULL,
	`counter` integer NOT NULL,
	`device_type` text NOT NULL,
	`backed_up` integer NOT NULL,
	`transports` text NOT NULL,
	`aaguid` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `passkeys_credential_id_unique` ON `passkeys` (`credential_id`);--> statement-breakpoint
CREATE INDEX `passkeys_user` ON `passkeys` (`user_id`,`created_at`);--> statement-breakpoint
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
DROP INDEX `erasures_user_id_unique`;--> statement-breakpoint
ALTER TABLE `erasures` ADD `workspace_id` text;--> statement-breakpoint
CREATE UNIQUE INDEX `erasures_account` ON `erasures` (`user_id`) WHERE workspace_id IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `erasures_workspace` ON `erasures` (`workspace_id`);--> statement-breakpoint
ALTER TABLE `conversations` ADD `imported_at` integer;