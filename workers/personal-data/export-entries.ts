import { presentClone } from "../clones/present.ts";
import type { Database } from "../db/client.ts";
import { fileKey } from "../knowledge/document-files.ts";
import { presentDocument } from "../knowledge/present.ts";
import { iso } from "../platform/clock.ts";
import { Problem } from "../platform/errors.ts";
import { type ZipEntry, zipLimits } from "../platform/zip-stream.ts";
import type { Context } from "../workspaces/context.ts";
import {
  eachDocument,
  type listAllKeys,
  type listProviderKeys,
  type listShares,
  listTestQuestions,
  listWholeClones,
  measureDocuments,
  type Seen,
} from "./export-queries.ts";

type Row<T extends (...args: never[]) => PromiseLike<unknown[]>> = Awaited<ReturnType<T>>[number];

export const when = (milliseconds: number | null) => (milliseconds === null ? null : iso(milliseconds));

/** A file of one value. */
export async function* bytesOf(value: unknown) {
  yield new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

/** A file of a list, which may be longer than fits into memory. */
export async function* bytesOfEach(values: AsyncIterable<unknown>) {
  const encoder = new TextEncoder();
  let separator = "[\n";
  for await (const value of values) {
    yield encoder.encode(separator + JSON.stringify(value));
    separator = ",\n";
  }
  yield encoder.encode(separator === "[\n" ? "[]\n" : "\n]\n");
}

export const presentKey = (row: Row<typeof listAllKeys>) => {
  const { workspaceId, userId, expiresAt, lastUsedAt, revokedAt, createdAt, ...key } = row;
  return {
    ...key,
    workspace_id: workspaceId,
    user_id: userId,
    expires_at: when(expiresAt),
    last_used_at: when(lastUsedAt),
    revoked_at: when(revokedAt),
    created_at: iso(createdAt),
  };
};

export const presentProviderKey = ({ createdAt, ...key }: Row<typeof listProviderKeys>) => ({
  ...key,
  created_at: iso(createdAt),
});

export const presentShare = (row: Row<typeof listShares>) => ({
  id: row.id,
  kind: row.kind,
  conversation_id: row.conversationId,
  workspace_id: row.workspaceId,
  created_by: row.createdBy,
  created_at: iso(row.createdAt),
});

async function clonesOf({ db }: Context, workspaceId: string, counts: Map<string, number>) {
  const questions = await listTestQuestions(db, workspaceId);
  return (await listWholeClones(db, workspaceId)).map(({ clone, pipeline }) => ({
    ...presentClone(clone, counts.get(clone.id) ?? 0),
    pipeline,
    test_questions: questions
      .filter(({ cloneId }) => cloneId === clone.id)
      .map(({ question, document, page, contains, unanswerable }) => ({
        question,
        document,
        page,
        contains,
        unanswerable,
      })),
  }));
}

/** The clones of a workspace, and the documents that are seen, each with the file that was uploaded. */
export async function* knowledgeOf(ctx: Context, seen: Seen): AsyncGenerator<ZipEntry> {
  const modifiedAt = ctx.clock.now();
  const counts = new Map<string, number>();
  const listed: unknown[] = [];
  for await (const document of eachDocument(ctx.db, seen)) {
    counts.set(document.cloneId, (counts.get(document.cloneId) ?? 0) + 1);
    const original = await ctx.env.UPLOADS.get(fileKey(document.storageKey, "original"));
    // Deleted since, or given another file: it is not there any more.
    if (!original) continue;
    // Under its id: several documents may have the same name.
    const name = `documents/${document.id}/${document.filename}`;
    listed.push({ ...presentDocument(document, null), created_by: document.createdBy, file: name });
    yield { name, modifiedAt: document.createdAt, isStored: true, body: original.body };
  }
  yield { name: "documents.json", modifiedAt, body: bytesOf(listed) };
  yield { name: "clones.json", modifiedAt, body: bytesOf(await clonesOf(ctx, seen.workspaceId, counts)) };
}

/** Refuses what does not fit into one archive. Throws `payload_too_large`. */
export async function requireFits(db: Database, seen: Seen): Promise<void> {
  const { files, bytes } = await measureDocuments(db, seen);
  if (files <= zipLimits.files && bytes <= zipLimits.bytes) return;
  const detail = "The documents do not fit into one archive of 3.5 GB and 60,000 files. Download some one by one.";
  throw new Problem("payload_too_large", detail);
}
