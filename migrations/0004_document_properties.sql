ALTER TABLE `documents` ADD `title` text;--> statement-breakpoint
ALTER TABLE `documents` ADD `author` text;--> statement-breakpoint
ALTER TABLE `documents` ADD `date` text;--> statement-breakpoint
ALTER TABLE `documents` ADD `language` text;