CREATE TABLE `__new_usage_events` (
	`id` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`turn_id` text,
	`workspace_id` text NOT NULL,
	`user_id` text,
	`key_id` text,
	`clone_id` text,
	`conversation_id` text,
	`provider` text NOT NULL,
	`model` text NOT NULL,
	`lane` text,
	`payer` text,
	`prompt_tokens` integer NOT NULL,
	`cache_read_tokens` integer,
	`cache_write_tokens` integer,
	`completion_tokens` integer NOT NULL,
	`reasoning_tokens` integer,
	`estimated` integer NOT NULL,
	`duration_ms` integer,
	`first_token_ms` integer,
	`price_id` text,
	`micro_credits` integer,
	`outcome` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
INSERT INTO `__new_usage_events`("id", "purpose", "turn_id", "workspace_id", "user_id", "key_id", "clone_id", "conversation_id", "provider", "model", "lane", "payer", "prompt_tokens", "cache_read_tokens", "cache_write_tokens", "completion_tokens", "reasoning_tokens", "estimated", "duration_ms", "first_token_ms", "price_id", "micro_credits", "outcome", "created_at") SELECT "turn_id", 'answer', "turn_id", "workspace_id", NULL, NULL, "clone_id", "conversation_id", substr("model", 1, instr("model" || '/', '/') - 1), "model", CASE WHEN "model" LIKE 'offline/%' THEN 'offline' END, NULL, "prompt_tokens", NULL, NULL, "completion_tokens", NULL, 1, NULL, NULL, CASE WHEN "model" LIKE 'offline/%' THEN 'built-in' END, CASE WHEN "model" LIKE 'offline/%' THEN 0 END, "outcome", "created_at" FROM `usage_events`;--> statement-breakpoint
DROP TABLE `usage_events`;--> statement-breakpoint
ALTER TABLE `__new_usage_events` RENAME TO `usage_events`;--> statement-breakpoint
CREATE INDEX `usage_events_workspace` ON `usage_events` (`workspace_id`,`created_at`);--> statement-breakpoint
ALTER TABLE `messages` ADD `cached_tokens` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `reasoning_tokens` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `micro_credits` integer;--> statement-breakpoint
CREATE TRIGGER `usage_events_stay` BEFORE UPDATE ON `usage_events` BEGIN SELECT RAISE(ABORT, 'An event of use is never changed.'); END;
