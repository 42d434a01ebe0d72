import { and, eq, sql } from "drizzle-orm";
import { documents } from "../db/schema/knowledge.ts";
import { resolveEmbedder } from "../models/registry.ts";
import type { Context } from "../workspaces/context.ts";
import { cloneIndex } from "./clone-index.ts";
import type { IndexQuery } from "./clone-index-object.ts";
import type { DocumentKind } from "./contract.ts";

/** A passage that was found; `start` and `end` are offsets into its document's text, `score` is 0 to 1. */
export interface FoundPassage {
  documentId: string;
  filename: string;
  page: number | null;
  section: string | null;
  text: string;
  score: number;
  start: number;
  end: number;
}

export interface KnowledgeQuery {
  workspaceId: string;
  cloneId: string;
  query: string;
  topK: number;
  mode: "hybrid" | "keyword" | "vector";
  filter?: { documentIds?: string[] | undefined; types?: DocumentKind[] | undefined };
}

/** The question's vector; where the embedder fails, hybrid search goes on by words alone. */
async function vectorOf(ctx: Context, { query, mode }: KnowledgeQuery): Promise<IndexQuery["vector"]> {
  if (mode === "keyword") return null;
  try {
    const embedder = await resolveEmbedder(ctx, null);
    const [values] = await embedder.embed([query], { purpose: "query" });
    return values ? { embedderId: embedder.id, values } : null;
  } catch (error) {
    if (mode === "vector") throw error;
    ctx.log.error("query_not_embedded", error);
    return null;
  }
}

/** So many names are read beside the search; a clone with more asks for those of its hits afterwards. */
const namesAhead = 300;

/** The names of documents that are whole and belong to this clone and tenant: of `ids`, or the first ones where none are given. */
async function filenames(
  ctx: Context,
  { workspaceId, cloneId }: KnowledgeQuery,
  ids?: string[],
): Promise<Map<string, string>> {
  const rows = await ctx.db
    .select({ id: documents.id, filename: documents.filename })
    .from(documents)
    .where(
      and(
        eq(documents.cloneId, cloneId),
        eq(documents.workspaceId, workspaceId),
        eq(documents.status, "indexed"),
        ids ? sql`${documents.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))` : undefined,
      ),
    )
    .limit(ids ? ids.length : namesAhead);
  return new Map(rows.map(({ id, filename }) => [id, filename]));
}

/**
 * Finds passages in what a clone has read. The caller has made sure that the actor may ask this clone. What the index finds is
 * joined with the documents' rows: nothing foreign, deleted or half-read is ever given out.
 */
export async function searchKnowledge(ctx: Context, query: KnowledgeQuery): Promise<FoundPassage[]> {
  const search = async () =>
    cloneIndex(ctx.env, query.cloneId).search({
      query: query.query,
      vector: await vectorOf(ctx, query),
      topK: query.topK,
      mode: query.mode,
      documentIds: query.filter?.documentIds,
      kinds: query.filter?.types,
    });
  const [hits, names] = await Promise.all([search(), filenames(ctx, query)]);
  const unnamed =
    names.size < namesAhead ? [] : hits.map(({ documentId }) => documentId).filter((id) => !names.has(id));
  const more = unnamed.length > 0 ? await filenames(ctx, query, [...new Set(unnamed)]) : names;
  return hits.flatMap((hit) => {
    const filename = names.get(hit.documentId) ?? more.get(hit.documentId);
    return filename === undefined ? [] : [{ ...hit, filename }];
  });
}
