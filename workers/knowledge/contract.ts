import { z } from "zod";
import { pageOf } from "../platform/http/paging.ts";
import { singleLine } from "../platform/single-line.ts";
import { documentKinds } from "../reading/formats.ts";

/** What its operations are listed under. */
export const tags = ["Documents"];

export const documentKind = z.enum(documentKinds);
export const documentStatus = z.enum(["queued", "processing", "indexed", "failed"]);
/** The steps of the pipeline, in their order. */
export const stages = ["partition", "metadata", "enrichment", "chunking", "embedding", "storage"] as const;
export const stage = z.enum(stages);
export type Stage = z.output<typeof stage>;

export const documentAccess = z
  .enum(["public", "members", "me"], "Say “public”, “members” or “me”.")
  .describe(
    "For whom answers are made from it: all who may talk to the clone, the workspace’s members, or its uploader.",
  );

/** A word or two by which documents are found together. */
export const documentTag = singleLine({ most: 40, missing: "A tag needs a letter." });

const failure = z.object({
  code: z.string(),
  message: z.string().describe("What is wrong and what to do, for a person."),
});

export const document = z.object({
  id: z.string(),
  clone_id: z.string(),
  filename: z.string(),
  source_url: z.string().nullable().describe("The web address that it was imported from."),
  media_type: z.string(),
  type: documentKind,
  bytes: z.number().int(),
  status: documentStatus,
  stage: stage.nullable(),
  progress: z.number().min(0).max(1),
  pages: z.number().int().nullable(),
  title: z.string().nullable().describe("As the file says; its own name where it says none is `filename`."),
  author: z.string().nullable(),
  date: z.string().nullable().describe("When it was written, as the file says: an ISO 8601 date or time."),
  language: z.string().nullable().describe("The language of most of its text, a BCP 47 tag."),
  left_out: z
    .object({
      count: z.number().int().describe("How many things in all."),
      notes: z.array(
        z.object({
          what: z.string().describe("“Pages 2–4”, names of files: those of one reason."),
          reason: z.string(),
        }),
      ),
    })
    .describe("What of the file was not read: no answer is made from it."),
  chunk_count: z.number().int(),
  error: failure.nullable(),
  access: documentAccess,
  tags: z.array(z.string()),
  update: z
    .object({ filename: z.string(), status: z.enum(["processing", "failed"]), error: z.string().nullable() })
    .nullable()
    .describe("A file that is to take this one’s place: until it is read whole, answers are made from this one."),
  run_id: z.string().nullable(),
  created_at: z.iso.datetime(),
  indexed_at: z.iso.datetime().nullable(),
});
export type Document = z.output<typeof document>;
export const documentPage = pageOf(document);
export const ofClone = z.strictObject({ clone_id: z.string() });

export const documentState = document.pick({
  id: true,
  status: true,
  stage: true,
  progress: true,
  chunk_count: true,
  pages: true,
  left_out: true,
  error: true,
  run_id: true,
});

/** `page` takes one address; `site` all pages that the website’s sitemap names under the address’s folder. */
export const webImportInput = z.strictObject({
  clone_id: z.string(),
  url: z.string().trim().min(1, "Give a web address.").max(2_000, "Use at most 2,000 characters."),
  mode: z.enum(["page", "site"]).default("page"),
  access: documentAccess.default("public"),
});

export const webImport = z.object({
  id: z.string(),
  clone_id: z.string(),
  url: z.string(),
  status: z.enum(["running", "done"]),
  found: z.number().int().describe("Pages that the website names; at most 200 of them are taken."),
  disallowed: z.number().int().describe("Pages that its robots.txt keeps from robots; they are left out."),
  pages: z.array(
    z.object({
      url: z.string(),
      status: z.enum(["waiting", "imported", "unchanged", "failed"]),
      document_id: z.string().nullable(),
      error: z.string().nullable().describe("Why it could not be taken, for a person."),
    }),
  ),
  created_at: z.iso.datetime(),
});
export type WebImport = z.output<typeof webImport>;

export const uploadResult = z.object({ data: z.array(document.pick({ id: true, filename: true, status: true })) });

/** The text of a document as it was read, in order: what citations point into. */
export const documentText = z.object({
  document: document.pick({
    id: true,
    filename: true,
    source_url: true,
    type: true,
    pages: true,
    title: true,
    author: true,
    date: true,
    language: true,
    left_out: true,
  }),
  /** `start` is the offset of the part's first character in the whole text; offsets of citations are into the same text. */
  parts: z.array(
    z.object({
      page: z.number().int().nullable(),
      section: z.string().nullable().describe("The headings above, parted by “ › ”, the nearest last."),
      start: z.number().int(),
      text: z.string(),
    }),
  ),
});
export type DocumentText = z.output<typeof documentText>;

export const searchMode = z.enum(["hybrid", "keyword", "vector"]);

export const searchInput = z.strictObject({
  clone_id: z.string(),
  query: z.string().trim().min(1, "Ask for something.").max(2_000, "Use at most 2,000 characters."),
  top_k: z.number().int().min(1).max(100).optional().describe("By default as many as the clone is configured to find."),
  mode: searchMode.optional().describe("By default the clone’s method."),
  filter: z
    .strictObject({
      document_ids: z.array(z.string()).max(1_000).optional(),
      types: z.array(documentKind).optional(),
      tags: z.array(documentTag).max(20).optional().describe("Documents that have one of these."),
      written_from: z.iso.date().optional().describe("Documents that say they are of this day or later."),
      written_to: z.iso.date().optional().describe("Documents that say they are of this day or earlier."),
    })
    .optional(),
});

/** A passage that was found. `start` and `end` are character offsets into the document's text; `score` is 0 to 1, higher is better. */
export const passage = z.object({
  document_id: z.string(),
  filename: z.string(),
  page: z.number().int().nullable(),
  section: z.string().nullable(),
  text: z.string(),
  score: z.number(),
  start: z.number().int(),
  end: z.number().int(),
});
export type Passage = z.output<typeof passage>;

export const searchResult = z.object({ data: z.array(passage), took_ms: z.number() });

export const pipelineRun = z.object({
  id: z.string(),
  document_id: z.string(),
  status: z.enum(["running", "succeeded", "failed"]),
  created_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
  steps: z.array(
    z.object({
      step: stage,
      status: z.enum(["waiting", "running", "succeeded", "failed"]),
      attempts: z.number().int(),
      duration_ms: z.number().int().nullable(),
      output: z.record(z.string(), z.number()).nullable(),
      error: z.string().nullable(),
    }),
  ),
});
export type PipelineRun = z.output<typeof pipelineRun>;

/** What a clone's owner may want to look at in its documents. */
export const documentHints = z.object({
  near_duplicates: z.array(
    z.object({ documents: z.array(document.pick({ id: true, filename: true })), similarity: z.number() }),
  ),
  contradictions: z.array(
    z.object({
      statements: z.array(
        z.object({
          document_id: z.string(),
          filename: z.string(),
          page: z.number().int().nullable(),
          start: z.number().int(),
          quote: z.string(),
        }),
      ),
    }),
  ),
});
export type DocumentHints = z.output<typeof documentHints>;

export const documentChanges = z
  .strictObject({
    filename: z.string().trim().min(1, "Give it a name.").max(255, "Use at most 255 characters.").optional(),
    access: documentAccess.optional(),
    tags: z.array(documentTag).max(20, "Use at most 20 tags.").optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, "Say what to change.");

/** The passages that a document was cut into, as search finds them. */
export const passagePage = z.object({
  data: z.array(
    z.object({
      ordinal: z.number().int(),
      page: z.number().int().nullable(),
      section: z.string().nullable(),
      start: z.number().int(),
      end: z.number().int(),
      tokens: z.number().int(),
      text: z.string(),
    }),
  ),
  total: z.number().int(),
  next_cursor: z.string().nullable(),
});
export type PassagePage = z.output<typeof passagePage>;

export const downloadLink = z.object({
  url: z.url().describe("Gives the file to whoever has it, without signing in, until it expires."),
  expires_at: z.iso.datetime(),
});
