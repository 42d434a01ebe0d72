-- The words of every message, for search over one's own. The text stays in "messages"; triggers keep the index in step.
CREATE VIRTUAL TABLE message_search USING fts5 (
  content,
  workspace_id,
  content = 'messages',
  content_rowid = 'rowid',
  tokenize = 'porter unicode61 remove_diacritics 2'
);
--> statement-breakpoint
CREATE TRIGGER message_search_insert AFTER INSERT ON messages BEGIN
  INSERT INTO message_search (rowid, content, workspace_id) VALUES (new.rowid, new.content, new.workspace_id);
END;
--> statement-breakpoint
CREATE TRIGGER message_search_update AFTER UPDATE OF content, workspace_id ON messages
WHEN new.content IS NOT old.content OR new.workspace_id IS NOT old.workspace_id BEGIN
  INSERT INTO message_search (message_search, rowid, content, workspace_id)
  VALUES ('delete', old.rowid, old.content, old.workspace_id);
  INSERT INTO message_search (rowid, content, workspace_id) VALUES (new.rowid, new.content, new.workspace_id);
END;
--> statement-breakpoint
CREATE TRIGGER message_search_delete AFTER DELETE ON messages BEGIN
  INSERT INTO message_search (message_search, rowid, content, workspace_id)
  VALUES ('delete', old.rowid, old.content, old.workspace_id);
END;
--> statement-breakpoint
INSERT INTO message_search (message_search) VALUES ('rebuild');
