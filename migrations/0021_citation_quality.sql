ALTER TABLE `evaluation_results` ADD `citations` integer;--> statement-breakpoint
ALTER TABLE `evaluation_results` ADD `supported_citations` integer;--> statement-breakpoint
ALTER TABLE `evaluation_results` ADD `statements` integer;--> statement-breakpoint
ALTER TABLE `evaluation_results` ADD `cited_statements` integer;--> statement-breakpoint
ALTER TABLE `evaluation_results` ADD `dropped_citations` integer;