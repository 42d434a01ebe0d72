ALTER TABLE `conversations` ADD `reasoning` text;--> statement-breakpoint
ALTER TABLE `conversations` ADD `privacy` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `asked_model` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `fallback_reason` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `lane` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `privacy` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `thoughts` text;--> statement-breakpoint
ALTER TABLE `clones` ADD `temperature` real;--> statement-breakpoint
ALTER TABLE `clones` ADD `top_p` real;--> statement-breakpoint
ALTER TABLE `clones` ADD `max_tokens` integer;--> statement-breakpoint
ALTER TABLE `clones` ADD `reasoning` text;--> statement-breakpoint
ALTER TABLE `clones` ADD `privacy` text;