/** Gives a table that was made before them the columns that it lacks. */
function addColumns(sql: SqlStorage, table: string, columns: Record<string, string>): void {
  const present = new Set([...sql.exec(`SELECT name FROM pragma_table_info('${table}')`)].map(({ name }) => name));
  for (const [name, type] of Object.entries(columns))
    if (!present.has(name)) sql.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
}

/**
 * The tables of one clone's index. Of heading and text, as `wordsOf` gives them, `chunks` has the stems and `chunk_terms` what they are looked up by, so
 * that FTS5 only has to part them at spaces: one notion of a word for documents, questions, ranking and scores, in every script. `words` is the
 * version that cut a passage into them: see `renewWords`.
 */
export function createTables(sql: SqlStorage): void {
  sql.exec(`CREATE TABLE IF NOT EXISTS indexed_documents (
    doc INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL, kind TEXT NOT NULL, live INTEGER NOT NULL,
    run_id TEXT NOT NULL DEFAULT '', access TEXT NOT NULL DEFAULT 'public', created_by TEXT)`);
  addColumns(sql, "indexed_documents", {
    run_id: "TEXT NOT NULL DEFAULT ''",
    access: "TEXT NOT NULL DEFAULT 'public'",
    created_by: "TEXT",
  });
  sql.exec("CREATE INDEX IF NOT EXISTS indexed_documents_id ON indexed_documents (document_id)");
  sql.exec(`CREATE TABLE IF NOT EXISTS chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, doc INTEGER NOT NULL, text TEXT NOT NULL, page INTEGER, section TEXT,
    start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, terms TEXT NOT NULL, length INTEGER NOT NULL, hash TEXT,
    words INTEGER NOT NULL DEFAULT 0)`);
  addColumns(sql, "chunks", { hash: "TEXT", words: "INTEGER NOT NULL DEFAULT 0" });
  // Null where the vectors cost nothing: see `contentHash`.
  sql.exec("CREATE INDEX IF NOT EXISTS chunks_hash ON chunks (hash) WHERE hash IS NOT NULL");
  sql.exec("CREATE INDEX IF NOT EXISTS chunks_words ON chunks (words)");
  sql.exec("CREATE INDEX IF NOT EXISTS chunks_doc ON chunks (doc, length)");
  // Only white space parts tokens here, whatever characters a term has.
  sql.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS chunk_terms USING fts5 (
    terms, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'")`);
  sql.exec("CREATE VIRTUAL TABLE IF NOT EXISTS term_counts USING fts5vocab (chunk_terms, row)");
  sql.exec(`CREATE TABLE IF NOT EXISTS vector_blocks (
    block INTEGER PRIMARY KEY AUTOINCREMENT, embedder_id TEXT NOT NULL, dimensions INTEGER NOT NULL, count INTEGER NOT NULL,
    cluster INTEGER, last_id INTEGER NOT NULL DEFAULT 0, ids BLOB NOT NULL, docs BLOB NOT NULL, scales BLOB NOT NULL, data BLOB NOT NULL)`);
  addColumns(sql, "vector_blocks", { cluster: "INTEGER", last_id: "INTEGER NOT NULL DEFAULT 0" });
  // All that is asked of a block without its vectors: rows of half a megabyte are not read for it.
  sql.exec(
    "CREATE INDEX IF NOT EXISTS vector_blocks_facts ON vector_blocks (embedder_id, cluster, block, dimensions, count, last_id)",
  );
  sql.exec(`CREATE TABLE IF NOT EXISTS vector_centroids (
    embedder_id TEXT PRIMARY KEY, dimensions INTEGER NOT NULL, count INTEGER NOT NULL, data BLOB NOT NULL) WITHOUT ROWID`);
}
