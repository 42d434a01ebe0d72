CREATE TABLE `clone_prices` (
	`id` text PRIMARY KEY NOT NULL,
	`clone_id` text NOT NULL,
	`workspace_id` text NOT NULL,
	`payer` text NOT NULL,
	`per_message` integer,
	`per_session` integer,
	`session_minutes` integer,
	`per_expert_minute` integer,
	`trial_messages` integer NOT NULL,
	`creator_share` integer NOT NULL,
	`contributors` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `clone_prices_clone` ON `clone_prices` (`clone_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `wallet_balances` (
	`wallet_id` text NOT NULL,
	`account` text NOT NULL,
	`micro_credits` integer NOT NULL,
	`as_of` integer NOT NULL,
	PRIMARY KEY(`wallet_id`, `account`)
);
--> statement-breakpoint
CREATE TABLE `wallet_drifts` (
	`id` text PRIMARY KEY NOT NULL,
	`wallet_id` text NOT NULL,
	`kind` text NOT NULL,
	`detail` text NOT NULL,
	`found_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `wallet_entries` (
	`wallet_id` text NOT NULL,
	`seq` integer NOT NULL,
	`operation_id` text NOT NULL,
	`kind` text NOT NULL,
	`debit` text NOT NULL,
	`credit` text NOT NULL,
	`micro_credits` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`wallet_id`, `seq`)
);
--> statement-breakpoint
CREATE INDEX `wallet_entries_credit` ON `wallet_entries` (`credit`,`created_at`);