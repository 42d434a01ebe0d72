import { and, asc, count, desc, eq, gt, isNull, ne, sum } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { accounts, apiKeys } from "../db/schema/accounts.ts";
import { auditHeads } from "../db/schema/audit.ts";
import { conversationShares } from "../db/schema/chat.ts";
import { clones } from "../db/schema/clones.ts";
import { evaluationQuestions } from "../db/schema/evaluation.ts";
import { documents, pipelineConfigs } from "../db/schema/knowledge.ts";
import { providerKeys } from "../db/schema/secrets.ts";
import type { DocumentRow } from "../knowledge/queries.ts";
import { visibleTo } from "../knowledge/viewer.ts";

const page = 200;

/** A workspace, and who sees what is in it: null for all that there is, also what only one of its members sees. */
export interface Seen {
  workspaceId: string;
  userId: string | null;
}

const theirs = ({ workspaceId, userId }: Seen) =>
  and(eq(documents.workspaceId, workspaceId), userId === null ? undefined : visibleTo({ memberId: userId }));

/** How many documents a workspace has, and their bytes together. */
export async function measureDocuments(db: Database, seen: Seen): Promise<{ files: number; bytes: number }> {
  const [row] = await db
    .select({ files: count(), bytes: sum(documents.bytes).mapWith(Number) })
    .from(documents)
    .where(theirs(seen));
  return { files: row?.files ?? 0, bytes: row?.bytes ?? 0 };
}

/** All documents of a workspace, some at a time. */
export async function* eachDocument(db: Database, seen: Seen): AsyncGenerator<DocumentRow> {
  let after = "";
  for (;;) {
    const rows = await db
      .select()
      .from(documents)
      .where(and(theirs(seen), gt(documents.id, after)))
      .orderBy(asc(documents.id))
      .limit(page);
    yield* rows;
    after = rows.at(-1)?.id ?? after;
    if (rows.length < page) return;
  }
}

/** The living clones of a workspace with how they search; null where nobody changed that. */
export function listWholeClones(db: Database, workspaceId: string) {
  return db
    .select({ clone: clones, pipeline: pipelineConfigs.config })
    .from(clones)
    .leftJoin(pipelineConfigs, eq(pipelineConfigs.cloneId, clones.id))
    .where(and(eq(clones.workspaceId, workspaceId), isNull(clones.deletedAt)))
    .orderBy(asc(clones.createdAt));
}

export function listTestQuestions(db: Database, workspaceId: string) {
  return db
    .select()
    .from(evaluationQuestions)
    .where(eq(evaluationQuestions.workspaceId, workspaceId))
    .orderBy(asc(evaluationQuestions.createdAt));
}

/** Who a person is at other providers that they sign in by. */
export function listLinks(db: Database, userId: string) {
  return db
    .select({ provider: accounts.providerId, id: accounts.accountId, createdAt: accounts.createdAt })
    .from(accounts)
    .where(and(eq(accounts.userId, userId), ne(accounts.providerId, "credential")));
}

/** A person's keys in all workspaces, or all of a workspace, also those that ended; without what opens anything. */
export function listAllKeys(db: Database, whose: { userId: string } | { workspaceId: string }) {
  const { id, workspaceId, userId, name, preview, scopes, expiresAt, lastUsedAt, revokedAt, createdAt } = apiKeys;
  return db
    .select({ id, workspaceId, userId, name, preview, scopes, expiresAt, lastUsedAt, revokedAt, createdAt })
    .from(apiKeys)
    .where("userId" in whose ? eq(userId, whose.userId) : eq(workspaceId, whose.workspaceId))
    .orderBy(desc(apiKeys.createdAt));
}

export function listProviderKeys(db: Database, workspaceId: string) {
  const { provider, ending, createdAt } = providerKeys;
  return db.select({ provider, ending, createdAt }).from(providerKeys).where(eq(providerKeys.workspaceId, workspaceId));
}

/** What a person shares of their conversations, or is shared in a workspace; without the links' tokens, which are kept as hashes only. */
export function listShares(db: Database, whose: { createdBy: string } | { workspaceId: string }) {
  const { id, conversationId, workspaceId, kind, createdBy, createdAt } = conversationShares;
  return db
    .select({ id, conversationId, workspaceId, kind, createdBy, createdAt })
    .from(conversationShares)
    .where("createdBy" in whose ? eq(createdBy, whose.createdBy) : eq(workspaceId, whose.workspaceId));
}

/** Where the chain of a workspace's log stands. */
export async function chainHead(db: Database, workspaceId: string): Promise<{ seq: number; hash: string }> {
  const [head] = await db
    .select({ seq: auditHeads.sealed, hash: auditHeads.hash })
    .from(auditHeads)
    .where(eq(auditHeads.workspaceId, workspaceId));
  return head ?? { seq: 0, hash: "" };
}
