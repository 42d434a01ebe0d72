CREATE TABLE `web_import_pages` (
	`import_id` text NOT NULL,
	`url` text NOT NULL,
	`status` text NOT NULL,
	`document_id` text,
	`error` text,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`import_id`, `url`),
	FOREIGN KEY (`import_id`) REFERENCES `web_imports`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `web_import_pages_waiting` ON `web_import_pages` (`status`,`updated_at`);--> statement-breakpoint
CREATE TABLE `web_imports` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`clone_id` text NOT NULL,
	`created_by` text NOT NULL,
	`access` text NOT NULL,
	`url` text NOT NULL,
	`found` integer NOT NULL,
	`disallowed` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`clone_id`) REFERENCES `clones`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `documents` ADD `source_url` text;--> statement-breakpoint
CREATE UNIQUE INDEX `documents_source` ON `documents` (`clone_id`,`source_url`);