import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { clones } from "./clones.ts";

const kinds = [
  "pdf",
  "docx",
  "doc",
  "xlsx",
  "xls",
  "pptx",
  "ppt",
  "odt",
  "ods",
  "odp",
  "rtf",
  "epub",
  "eml",
  "mbox",
  "zip",
  "csv",
  "markdown",
  "html",
  "xml",
  "json",
  "png",
  "jpeg",
  "webp",
  "text",
] as const;

/** One file of a document: each column is also the document's. */
export interface DocumentVersion {
  filename: string;
  mediaType: string;
  kind: (typeof kinds)[number];
  bytes: number;
  sha256: string;
  storageKey: string;
}

/** A file that a clone has read or is reading. The bytes are in R2 under `storageKey`, the chunks in the clone's index object. */
export const documents = sqliteTable(
  "documents",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    cloneId: text("clone_id")
      .notNull()
      .references(() => clones.id, { onDelete: "cascade" }),
    /** Who uploaded it; null of those that came before this was noted. */
    createdBy: text("created_by"),
    /** For whom answers are made from it: everybody who may talk to the clone, the workspace's members, or who uploaded it. */
    access: text("access", { enum: ["public", "members", "me"] })
      .notNull()
      .default("public"),
    filename: text("filename").notNull(),
    /** Decided by the magic bytes, never by the name or the client. */
    mediaType: text("media_type").notNull(),
    kind: text("kind", { enum: kinds }).notNull(),
    bytes: integer("bytes").notNull(),
    sha256: text("sha256").notNull(),
    /** Where it was imported from: the address, without fragment, that answered in the end; null of uploads. */
    sourceUrl: text("source_url"),
    storageKey: text("storage_key").notNull(),
    status: text("status", { enum: ["queued", "processing", "indexed", "failed"] }).notNull(),
    stage: text("stage", { enum: ["partition", "metadata", "enrichment", "chunking", "embedding", "storage"] }),
    /** 0 to 1 over the whole pipeline. */
    progress: real("progress").notNull().default(0),
    /** Pages of a PDF; null where the format has none. */
    pages: integer("pages"),
    /** What the file says of itself, and the language (BCP 47) that it is in; null until it is read, and where it does not tell. */
    title: text("title"),
    author: text("author"),
    /** ISO 8601, a date or a time. */
    date: text("date"),
    language: text("language"),
    /** What of the file was not read; null until it is read. */
    leftOut: text("left_out", { mode: "json" }).$type<{ count: number; notes: { what: string; reason: string }[] }>(),
    /** By which documents are found together, as their owner put them. */
    tags: text("tags", { mode: "json" }).$type<string[]>().notNull().default([]),
    chunkCount: integer("chunk_count").notNull().default(0),
    /** Which embedder made the vectors that are in the index; another one's questions cannot be compared with them. */
    embedder: text("embedder"),
    /** How the passages in the index were cut: `structure/225/50`. */
    chunking: text("chunking"),
    /** What its text is like, to find others that say the same: see `sketchOf`. */
    sketch: text("sketch"),
    errorCode: text("error_code"),
    /** A sentence for the owner: what is wrong with the file and what to do. */
    errorMessage: text("error_message"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    indexedAt: integer("indexed_at"),
  },
  (table) => [
    index("documents_clone").on(table.cloneId, table.createdAt),
    index("documents_embedder").on(table.cloneId, table.status, table.embedder),
    index("documents_status").on(table.status, table.updatedAt),
    // The same bytes are the same document of a clone, also when they come twice at once.
    uniqueIndex("documents_bytes").on(table.cloneId, table.sha256),
    // An address is one document of a clone: importing it again gives that one a new file.
    uniqueIndex("documents_source").on(table.cloneId, table.sourceUrl),
  ],
);

/** One passage of a document through the pipeline; a retry of the same document is a new run. */
export const pipelineRuns = sqliteTable(
  "pipeline_runs",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    documentId: text("document_id")
      .notNull()
      .references(() => documents.id, { onDelete: "cascade" }),
    status: text("status", { enum: ["running", "succeeded", "failed"] }).notNull(),
    /** The file that takes the place of the document's own when the run succeeds; null where it reads that one. */
    version: text("version", { mode: "json" }).$type<DocumentVersion>(),
    /** Why it failed, for the owner. */
    error: text("error"),
    createdAt: integer("created_at").notNull(),
    finishedAt: integer("finished_at"),
  },
  (table) => [
    index("pipeline_runs_document").on(table.documentId),
    index("pipeline_runs_status").on(table.status, table.createdAt),
  ],
);

export const pipelineSteps = sqliteTable(
  "pipeline_steps",
  {
    runId: text("run_id")
      .notNull()
      .references(() => pipelineRuns.id, { onDelete: "cascade" }),
    step: text("step", { enum: ["partition", "metadata", "enrichment", "chunking", "embedding", "storage"] }).notNull(),
    status: text("status", { enum: ["waiting", "running", "succeeded", "failed"] }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    /** How often the process ended that was at work on this step. */
    deaths: integer("deaths").notNull().default(0),
    /** Until when the worker that took this step may be presumed alive. */
    leaseUntil: integer("lease_until"),
    startedAt: integer("started_at"),
    finishedAt: integer("finished_at"),
    durationMs: integer("duration_ms"),
    /** What the step made, in numbers (`{"pages":12}`); the result itself is in R2 or the index. */
    output: text("output", { mode: "json" }).$type<Record<string, number>>(),
    error: text("error"),
  },
  (table) => [primaryKey({ columns: [table.runId, table.step] })],
);

/** How a clone's documents are read and searched; a clone without a row uses the defaults. */
export const pipelineConfigs = sqliteTable("clone_pipelines", {
  cloneId: text("clone_id")
    .primaryKey()
    .references(() => clones.id, { onDelete: "cascade" }),
  workspaceId: text("workspace_id").notNull(),
  /** As the API takes it, `pipelineConfig` of the contract. */
  config: text("config", { mode: "json" }).$type<unknown>().notNull(),
  /** What documents that were read by it have in `chunking` and `embedder`; null is the installation's embedder. */
  chunking: text("chunking").notNull(),
  embedder: text("embedder"),
  updatedAt: integer("updated_at").notNull(),
});

/** Pages that a clone takes from one website; each of them has a row, and a message on the queue. */
export const webImports = sqliteTable("web_imports", {
  id: text("id").primaryKey(),
  workspaceId: text("workspace_id").notNull(),
  cloneId: text("clone_id")
    .notNull()
    .references(() => clones.id, { onDelete: "cascade" }),
  createdBy: text("created_by").notNull(),
  access: text("access", { enum: ["public", "members", "me"] }).notNull(),
  /** What was asked for. */
  url: text("url").notNull(),
  /** How many pages the website names, of which as many were taken as there are rows. */
  found: integer("found").notNull(),
  /** Pages that its robots.txt keeps from robots. */
  disallowed: integer("disallowed").notNull(),
  createdAt: integer("created_at").notNull(),
});

export const webImportPages = sqliteTable(
  "web_import_pages",
  {
    importId: text("import_id")
      .notNull()
      .references(() => webImports.id, { onDelete: "cascade" }),
    url: text("url").notNull(),
    status: text("status", { enum: ["waiting", "imported", "unchanged", "failed"] }).notNull(),
    documentId: text("document_id"),
    /** Why it failed, for the owner. */
    error: text("error"),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.importId, table.url] }),
    index("web_import_pages_waiting").on(table.status, table.updatedAt),
  ],
);
