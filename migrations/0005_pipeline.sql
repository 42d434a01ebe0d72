CREATE TABLE `clone_pipelines` (
	`clone_id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`config` text NOT NULL,
	`chunking` text NOT NULL,
	`embedder` text,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`clone_id`) REFERENCES `clones`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `documents` ADD `chunking` text;--> statement-breakpoint
ALTER TABLE `documents` ADD `sketch` text;--> statement-breakpoint
INSERT INTO `clone_pipelines` SELECT `clone_id`, `workspace_id`,
	json_object('chunking', json_object('strategy', 'structure', 'size', size, 'overlap', min(overlap, size / 2))),
	'structure/' || size || '/' || min(overlap, size / 2), NULL, `updated_at`
	FROM (SELECT *, min(1000, max(50, `chunk_size` / 4)) AS size, `chunk_overlap` / 4 AS overlap FROM `pipeline_configs`);--> statement-breakpoint
DROP TABLE `pipeline_configs`;--> statement-breakpoint
UPDATE `pipeline_steps` SET `step` = CASE `step` WHEN 'parse' THEN 'partition' WHEN 'chunk' THEN 'chunking' WHEN 'embed' THEN 'embedding' WHEN 'index' THEN 'storage' ELSE `step` END;--> statement-breakpoint
UPDATE `documents` SET `stage` = CASE `stage` WHEN 'parse' THEN 'partition' WHEN 'chunk' THEN 'chunking' WHEN 'embed' THEN 'embedding' WHEN 'index' THEN 'storage' ELSE `stage` END WHERE `stage` IS NOT NULL;--> statement-breakpoint
INSERT INTO `pipeline_steps` (`run_id`, `step`, `status`, `attempts`)
	SELECT run.id, added.value, CASE run.status WHEN 'running' THEN 'waiting' ELSE 'succeeded' END, 0 FROM pipeline_runs AS run, json_each('["metadata","enrichment"]') AS added;
