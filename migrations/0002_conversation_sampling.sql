ALTER TABLE `conversations` ADD `temperature` real;--> statement-breakpoint
ALTER TABLE `conversations` ADD `top_p` real;--> statement-breakpoint
ALTER TABLE `conversations` ADD `max_tokens` integer;