CREATE TABLE `erasure_items` (
	`erasure_id` text NOT NULL,
	`kind` text NOT NULL,
	`item_id` text NOT NULL,
	`erased_at` integer,
	PRIMARY KEY(`erasure_id`, `kind`, `item_id`),
	FOREIGN KEY (`erasure_id`) REFERENCES `erasures`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `erasure_items_left` ON `erasure_items` (`erasure_id`,`kind`,`erased_at`);--> statement-breakpoint
CREATE TABLE `erasures` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`step` text,
	`requested_at` integer NOT NULL,
	`finished_at` integer,
	`receipt` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `erasures_user_id_unique` ON `erasures` (`user_id`);--> statement-breakpoint
-- What is deleted leaves no words behind in the index either.
INSERT INTO message_search (message_search, rank) VALUES ('secure-delete', 1);
