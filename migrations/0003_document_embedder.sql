ALTER TABLE `documents` ADD `embedder` text;--> statement-breakpoint
-- Bytes that stand twice already keep both documents: the later ones are told apart by their id.
UPDATE `documents` SET `sha256` = `sha256` || ':' || `id` WHERE `id` NOT IN (SELECT min(`id`) FROM `documents` GROUP BY `clone_id`, `sha256`);--> statement-breakpoint
CREATE UNIQUE INDEX `documents_bytes` ON `documents` (`clone_id`,`sha256`);--> statement-breakpoint
CREATE INDEX `pipeline_runs_status` ON `pipeline_runs` (`status`,`created_at`);