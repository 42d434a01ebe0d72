CREATE TABLE `checkouts` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`user_id` text,
	`kind` text NOT NULL,
	`offer` text NOT NULL,
	`processor` text NOT NULL,
	`session` text,
	`subscription` text,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `checkouts_account` ON `checkouts` (`account`,`created_at`);--> statement-breakpoint
CREATE TABLE `invoices` (
	`id` text PRIMARY KEY NOT NULL,
	`processor` text NOT NULL,
	`account` text NOT NULL,
	`checkout` text NOT NULL,
	`payment` text,
	`number` text,
	`status` text NOT NULL,
	`currency` text NOT NULL,
	`subtotal` integer NOT NULL,
	`tax` integer NOT NULL,
	`total` integer NOT NULL,
	`refunded` integer NOT NULL,
	`url` text,
	`pdf_url` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `invoices_account` ON `invoices` (`account`,`created_at`);--> statement-breakpoint
CREATE TABLE `payees` (
	`processor` text NOT NULL,
	`account` text NOT NULL,
	`payee` text NOT NULL,
	`is_ready` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`processor`, `account`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payees_payee` ON `payees` (`processor`,`payee`);--> statement-breakpoint
CREATE TABLE `processor_calls` (
	`id` text PRIMARY KEY NOT NULL,
	`processor` text NOT NULL,
	`account` text NOT NULL,
	`call` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`first_sent_at` integer,
	`next_attempt_at` integer NOT NULL,
	`object` text,
	`error` text,
	`flagged_at` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `processor_calls_due` ON `processor_calls` (`state`,`next_attempt_at`);--> statement-breakpoint
CREATE TABLE `processor_customers` (
	`processor` text NOT NULL,
	`account` text NOT NULL,
	`customer` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`processor`, `account`)
);
--> statement-breakpoint
CREATE TABLE `processor_events` (
	`id` text PRIMARY KEY NOT NULL,
	`processor` text NOT NULL,
	`account` text,
	`type` text NOT NULL,
	`body` text NOT NULL,
	`state` text NOT NULL,
	`error` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`processed_at` integer
);
--> statement-breakpoint
CREATE INDEX `processor_events_due` ON `processor_events` (`state`,`next_attempt_at`);--> statement-breakpoint
CREATE INDEX `processor_events_received` ON `processor_events` (`received_at`);--> statement-breakpoint
CREATE TABLE `wallet_effects` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`account` text NOT NULL,
	`effect` text NOT NULL,
	`created_at` integer NOT NULL,
	`applied_at` integer,
	`error` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `wallet_effects_id_unique` ON `wallet_effects` (`id`);--> statement-breakpoint
CREATE INDEX `wallet_effects_waiting` ON `wallet_effects` (`applied_at`,`seq`);