ALTER TABLE `documents` ADD `created_by` text;--> statement-breakpoint
ALTER TABLE `documents` ADD `access` text DEFAULT 'public' NOT NULL;--> statement-breakpoint
ALTER TABLE `pipeline_runs` ADD `version` text;--> statement-breakpoint
ALTER TABLE `pipeline_runs` ADD `error` text;