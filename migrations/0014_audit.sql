CREATE TABLE `audit_events` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text,
	`key_id` text,
	`action` text NOT NULL,
	`resource_kind` text,
	`resource_id` text,
	`address` text,
	`agent` text,
	`request_id` text,
	`details` text NOT NULL,
	`mac` text NOT NULL,
	`hash` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_events_seq` ON `audit_events` (`workspace_id`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_events_resource` ON `audit_events` (`workspace_id`,`resource_id`,`seq`);--> statement-breakpoint
CREATE TABLE `audit_heads` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`count` integer DEFAULT 0 NOT NULL,
	`last_id` text DEFAULT '' NOT NULL,
	`sealed` integer DEFAULT 0 NOT NULL,
	`hash` text DEFAULT '' NOT NULL
);
