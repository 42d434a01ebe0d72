CREATE TABLE `evaluation_questions` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`clone_id` text NOT NULL,
	`question` text NOT NULL,
	`document` text,
	`page` integer,
	`contains` text NOT NULL,
	`unanswerable` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`clone_id`) REFERENCES `clones`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `evaluation_questions_clone` ON `evaluation_questions` (`clone_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `evaluation_results` (
	`run_id` text NOT NULL,
	`question_id` text NOT NULL,
	`question` text NOT NULL,
	`status` text NOT NULL,
	`answer` text,
	`cited` text,
	`found_document` integer,
	`found_page` integer,
	`answered` integer,
	`error` text,
	PRIMARY KEY(`run_id`, `question_id`),
	FOREIGN KEY (`run_id`) REFERENCES `evaluation_runs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `evaluation_runs` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`clone_id` text NOT NULL,
	`user_id` text NOT NULL,
	`questions` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`clone_id`) REFERENCES `clones`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `evaluation_runs_clone` ON `evaluation_runs` (`clone_id`,`created_at`);