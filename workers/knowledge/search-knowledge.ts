import type { SQL } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import type { ModelUse } from "../model-access/use.ts";
import { embedderFor, rerankerFor } from "../model-access/workspace-models.ts";
import type { Embedder } from "../models/ports/embedder.ts";
import type { Reranker } from "../models/ports/reranker.ts";
import type { IndexHit, QueryVector } from "../passages/clone-index.ts";
import { cloneIndex } from "../passages/clone-index.ts";
import { genAi, modelNamed, own } from "../platform/tracing/gen-ai-names.ts";
import { inSpan } from "../platform/tracing/in-span.ts";
import type { DocumentKind } from "../reading/formats.ts";
import { askedPart } from "../text/words.ts";
import type { Context } from "../workspaces/context.ts";
import type { SearchConfig } from "./pipeline-config.ts";
import { type DocumentFilter, listFilenames, listFiltered, selectFilenamesFor } from "./queries.ts";
import { joinNeighbours } from "./search/join-neighbours.ts";
import { repeatsLast } from "./search/repeats-last.ts";
import { rerankHits } from "./search/rerank-hits.ts";
import type { Asker, Viewer } from "./viewer.ts";

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
  /** For whom models are asked. */
  use: Omit<ModelUse, "purpose">;
  /** Who asks: documents that they may not see are not answered from. */
  viewer: Viewer;
  query: string;
  /** How the clone searches; `topK` and `mode` where something else is wanted this time. */
  config: SearchConfig;
  topK?: number | undefined;
  mode?: "hybrid" | "keyword" | "vector" | undefined;
  filter?: KnowledgeFilter;
  /** What `selectNames` or `selectNamesFor` gives, where the caller reads it together with what else it needs, or knows it by a clone's card. */
  names?: Promise<Map<string, string>>;
}

export interface KnowledgeFilter extends DocumentFilter {
  documentIds?: string[] | undefined;
  types?: DocumentKind[] | undefined;
}

/** The question by one embedder. Throws what the embedder throws. */
async function embedded(embedder: Embedder, query: string): Promise<QueryVector[]> {
  const [values] = await embedder.embed([askedPart(query)], { purpose: "query" });
  return values ? [{ embedderId: embedder.id, values }] : [];
}

/**
 * The question by the clone's embedder, and by those of which documents still have vectors. Those that fail are left out: their documents
 * are found by words alone. Where all fail, a search by vectors fails with them.
 */
async function vectorsOf(ctx: Context, { use, query, config, mode }: KnowledgeQuery): Promise<QueryVector[]> {
  if (mode === "keyword") return [];
  const wanted = [config.embedding.model, ...(config.embedders ?? [])];
  const found = await Promise.allSettled(wanted.map((id) => embedderFor(ctx, { ...use, purpose: "embedding" }, id)));
  const embedders = new Map(
    found.flatMap((each) => (each.status === "fulfilled" ? [[each.value.id, each.value]] : [])),
  );
  const asked = await Promise.allSettled(
    [...embedders.values()].map((embedder) =>
      inSpan(ctx, "embedding", { [genAi.operation]: "embeddings", ...modelNamed(embedder.id) }, () =>
        embedded(embedder, query),
      ),
    ),
  );
  // One that was set up once and is not any more cannot be asked: what it has embedded is on its way to another.
  const failed = [...found.slice(0, 1), ...asked].find(({ status }) => status === "rejected");
  const vectors = asked.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
  if (failed?.status === "rejected") {
    if (mode === "vector" && vectors.length === 0) throw failed.reason;
    ctx.log.error("query_not_embedded", failed.reason);
  }
  return vectors;
}

/** Hits asked for beyond what is wanted: some join others, some repeat them, and a document may have been deleted a moment ago. */
const spareFor = (topK: number) => Math.min(topK, 20) + 4;
/** What a cross-encoder is given to read: more take longer than the better order is worth. */
const reranked = 40;
/** So many names are read beside the search; a clone with more asks for those of its hits afterwards. */
const namesAhead = 300;

/** The names that a search by `asker` starts from, of a clone that an expression names: they can be read beside what says which clone that is. */
export const selectNamesFor = (db: Database, cloneId: SQL, asker: Asker) =>
  selectFilenamesFor(db, cloneId, asker, { limit: namesAhead });

/** The documents that may be found: those that were named, those that a filter lets through, or both; undefined for all. */
async function documentsIn({ db }: Context, asked: KnowledgeQuery): Promise<string[] | undefined> {
  const { documentIds, tags, writtenFrom, writtenTo } = asked.filter ?? {};
  if (!tags && !writtenFrom && !writtenTo) return documentIds;
  const through = new Set(await listFiltered(db, asked, { tags, writtenFrom, writtenTo }));
  return documentIds ? documentIds.filter((id) => through.has(id)) : [...through];
}

/** The installation's or the clone's reranker; null for none. One that is no longer set up is as good as none, and is logged. */
async function rerankerOf(ctx: Context, { use, config }: KnowledgeQuery): Promise<Reranker | null> {
  try {
    return await rerankerFor(ctx, { ...use, purpose: "rerank" }, config.retrieval.reranker);
  } catch (error) {
    ctx.log.error("reranker_not_there", error);
    return null;
  }
}

/**
 * Finds passages in what a clone has read. The caller has made sure that the actor may ask this clone. What the index finds is
 * joined with the documents' names, as they are or were known a moment ago: nothing foreign, deleted or half-read is ever given out.
 */
export const searchKnowledge = (ctx: Context, asked: KnowledgeQuery): Promise<FoundPassage[]> =>
  inSpan(
    ctx,
    "search",
    { [genAi.operation]: "retrieval", [genAi.dataSourceId]: asked.cloneId },
    async (inner, span) => {
      const found = await search(inner, asked);
      span.set({ [own.mode]: asked.mode ?? asked.config.retrieval.method, [own.passages]: found.length });
      return found;
    },
  );

async function search(ctx: Context, asked: KnowledgeQuery): Promise<FoundPassage[]> {
  const { method, top_k, threshold } = asked.config.retrieval;
  const { mode = method, topK = top_k } = asked;
  const query = { ...asked, mode };
  const reranker = await rerankerOf(ctx, asked);
  const wanted = topK + spareFor(topK);
  const lookUp = async () => {
    const [[vector = null, ...otherVectors], documentIds] = await Promise.all([
      vectorsOf(ctx, query),
      documentsIn(ctx, query),
    ]);
    const looked = {
      query: query.query,
      vector,
      otherVectors,
      topK: reranker ? Math.max(wanted, reranked) : wanted,
      mode,
      memberId: query.viewer.memberId,
      documentIds,
      kinds: query.filter?.types,
    };
    const about = { [own.mode]: vector || mode === "keyword" ? mode : "keyword" };
    return inSpan(ctx, "index", about, () => cloneIndex(ctx.env, query.cloneId).search(looked));
  };
  const ahead = query.names ?? listFilenames(ctx.db, query, { limit: namesAhead });
  const [hits, names] = await Promise.all([lookUp(), ahead]);
  const unnamed =
    names.size < namesAhead ? [] : hits.map(({ documentId }) => documentId).filter((id) => !names.has(id));
  const more = unnamed.length > 0 ? await listFilenames(ctx.db, query, { ids: [...new Set(unnamed)] }) : names;
  const nameOf = ({ documentId }: IndexHit) => names.get(documentId) ?? more.get(documentId);
  const allowed = hits.filter((hit) => nameOf(hit) !== undefined);
  const rerank = (by: Reranker) => rerankHits(ctx.log, by, query.query, allowed);
  const ordered = reranker ? await inSpan(ctx, "rerank", modelNamed(reranker.id), () => rerank(reranker)) : allowed;
  const relevant = ordered.filter(({ score }) => score >= threshold);
  return repeatsLast(joinNeighbours(relevant), topK).map((hit) => ({ ...hit, filename: nameOf(hit) as string }));
}
