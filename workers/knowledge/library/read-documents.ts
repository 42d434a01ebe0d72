import { z } from "zod";
import { getClone } from "../../clones/get-clone.ts";
import { cloneIndex } from "../../passages/clone-index.ts";
import { decodeCursor, encodeCursor, paged, pageQuery } from "../../platform/http/paging.ts";
import { estimateTokens } from "../../text/tokens.ts";
import { operation } from "../../workspaces/operation.ts";
import { document, documentPage, documentState, ofClone, passagePage, tags } from "../contract.ts";
import { latestRuns } from "../ingestion/run-queries.ts";
import { presentDocument } from "../present.ts";
import { listDocumentPage } from "../queries.ts";
import { viewerOf } from "../viewer.ts";
import { getDocument, getReadableDocument, shownNow } from "./get-document.ts";

export const listDocuments = operation({
  summary: "List a clone’s documents, newest first",
  tags,
  action: "document.read",
  query: pageQuery.extend(ofClone.shape),
  output: documentPage,
  async run(ctx, { query }) {
    const clone = await getClone(ctx, query.clone_id);
    const of = { workspaceId: clone.workspaceId, cloneId: clone.id, viewer: viewerOf(ctx.actor, clone) };
    const { rows, next_cursor } = await paged(
      query,
      (from) => listDocumentPage(ctx.db, of, from),
      ({ createdAt, id }) => [createdAt, id],
    );
    const runs = await latestRuns(
      ctx.db,
      rows.map(({ id }) => id),
    );
    return { data: rows.map((row) => presentDocument(row, runs.get(row.id) ?? null)), next_cursor };
  },
});

export const readDocument = operation({
  summary: "Read what is known of a document",
  tags,
  action: "document.open",
  params: ["id"],
  output: document,
  async run(ctx, { params: { id } }) {
    const row = await getReadableDocument(ctx, id);
    const runs = await latestRuns(ctx.db, [id]);
    const shown = presentDocument(row, runs.get(id) ?? null);
    const isMembers = viewerOf(ctx.actor, row).memberId !== null;
    return isMembers ? shown : { ...shown, update: null, run_id: null };
  },
});

export const readDocumentStatus = operation({
  summary: "How far the reading of a document is",
  tags,
  action: "document.read",
  params: ["id"],
  output: documentState,
  async run(ctx, { params }) {
    const { id, status, stage, progress, chunk_count, pages, left_out, error, run_id } = await shownNow(ctx, params.id);
    return { id, status, stage, progress, chunk_count, pages, left_out, error, run_id };
  },
});

export const readOriginal = operation({
  summary: "The original file",
  tags,
  action: "document.open",
  params: ["id"],
  run: (ctx, { params: { id } }) => getReadableDocument(ctx, id),
});

export const listPassages = operation({
  summary: "The passages that a document was cut into",
  tags,
  action: "document.read",
  params: ["id"],
  query: pageQuery,
  output: passagePage,
  async run(ctx, { params: { id }, query: { cursor, limit } }) {
    const { cloneId } = await getDocument(ctx, id);
    const [from] = cursor ? decodeCursor(cursor, z.tuple([z.number().int().min(0)])) : [0];
    const { passages, count } = await cloneIndex(ctx.env, cloneId).listPassages(id, from, limit);
    const data = passages.map((passage) => ({ ...passage, tokens: estimateTokens(passage.text) }));
    const next = from + passages.length;
    return { data, total: count, next_cursor: next < count ? encodeCursor([next]) : null };
  },
});
