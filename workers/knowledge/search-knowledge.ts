import { resolveEmbedder } from "../models/registry.ts";
import type { Context } from "../workspaces/context.ts";
import { cloneIndex } from "./clone-index.ts";
import type { IndexQuery } from "./clone-index-object.ts";
import type { PipelineConfig } from "./contract.ts";
import type { DocumentKind } from "./formats.ts";
import { listFilenames } from "./queries.ts";
import type { Viewer } from "./viewer.ts";

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
  /** Who asks: documents that they may not see are not answered from. */
  viewer: Viewer;
  query: string;
  /** How the clone searches; `topK` and `mode` where something else is wanted this time. */
  config: PipelineConfig;
  topK?: number | undefined;
  mode?: "hybrid" | "keyword" | "vector" | undefined;
  filter?: { documentIds?: string[] | undefined; types?: DocumentKind[] | undefined };
}

/** The question's vector; where the embedder fails, hybrid search goes on by words alone. */
async function vectorOf(ctx: Context, { query, config, mode }: KnowledgeQuery): Promise<IndexQuery["vector"]> {
  if (mode === "keyword") return null;
  try {
    const embedder = await resolveEmbedder(ctx, config.embedding.model);
    const [values] = await embedder.embed([query], { purpose: "query" });
    return values ? { embedderId: embedder.id, values } : null;
  } catch (error) {
    if (mode === "vector") throw error;
    ctx.log.error("query_not_embedded", error);
    return null;
  }
}

/** Hits asked for beyond what is wanted, for those whose document was deleted a moment ago. */
const spare = 4;
/** So many names are read beside the search; a clone with more asks for those of its hits afterwards. */
const namesAhead = 300;

/**
 * Finds passages in what a clone has read. The caller has made sure that the actor may ask this clone. What the index finds is
 * joined with the documents' rows: nothing foreign, deleted or half-read is ever given out.
 */
export async function searchKnowledge(ctx: Context, asked: KnowledgeQuery): Promise<FoundPassage[]> {
  const { method, top_k, threshold } = asked.config.retrieval;
  const { mode = method, topK = top_k } = asked;
  const query = { ...asked, mode };
  const search = async () =>
    cloneIndex(ctx.env, query.cloneId).search({
      query: query.query,
      vector: await vectorOf(ctx, query),
      topK: topK + spare,
      mode,
      memberId: query.viewer.memberId,
      documentIds: query.filter?.documentIds,
      kinds: query.filter?.types,
    });
  const [hits, names] = await Promise.all([search(), listFilenames(ctx.db, query, { limit: namesAhead })]);
  const unnamed =
    names.size < namesAhead ? [] : hits.map(({ documentId }) => documentId).filter((id) => !names.has(id));
  const more = unnamed.length > 0 ? await listFilenames(ctx.db, query, { ids: [...new Set(unnamed)] }) : names;
  const relevant = hits.filter(({ score }) => score >= threshold);
  const found = relevant.flatMap((hit) => {
    const filename = names.get(hit.documentId) ?? more.get(hit.documentId);
    return filename === undefined ? [] : [{ ...hit, filename }];
  });
  return found.slice(0, topK);
}
