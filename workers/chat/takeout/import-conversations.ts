import { getTalkableClone } from "../../clones/get-talkable-clone.ts";
import { isProblem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { audited } from "../../workspaces/audited.ts";
import type { Context } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import { ownerOf } from "../access.ts";
import { importInput, tags } from "../contract.ts";
import { documentsAmong, insertMany, type Whole } from "../conversations/library-queries.ts";
import { titleFrom } from "../conversations/title.ts";
import { refuseVisitorsChoice } from "../conversations/visitors-choice.ts";
import type { CitationRow, MessageRow } from "../queries.ts";
import type { Imported, ImportedNode } from "./imported.ts";
import { readImport } from "./read-import.ts";

/** The clones that the file names and the actor may talk to, each with those of the named documents that it has. */
async function knownClones(ctx: Context, imported: Imported[]): Promise<Map<string, Set<string>>> {
  const documentsOf = new Map<string, Set<string>>();
  for (const { cloneId, nodes } of imported) {
    if (cloneId === null) continue;
    const named = documentsOf.get(cloneId) ?? new Set();
    for (const { citations } of nodes) for (const { documentId } of citations) named.add(documentId);
    documentsOf.set(cloneId, named);
  }
  const known = new Map<string, Set<string>>();
  for (const [cloneId, named] of documentsOf) {
    const clone = await getTalkableClone(ctx, cloneId).catch((error) => {
      if (isProblem(error) && error.code === "not_found") return null;
      throw error;
    });
    if (clone) known.set(cloneId, new Set(await documentsAmong(ctx.db, cloneId, [...named])));
  }
  return known;
}

/** A message as it is stored: no turn of ours wrote it. */
const messageRow = (
  { role, text, status, finishReason }: ImportedNode,
  place: Pick<MessageRow, "id" | "conversationId" | "workspaceId" | "parentId">,
  at: number,
): MessageRow => ({
  ...place,
  role,
  content: text,
  status,
  finishReason,
  errorCode: null,
  model: null,
  askedModel: null,
  fallbackReason: null,
  lane: null,
  privacy: null,
  thoughts: null,
  turnId: null,
  compareGroup: null,
  promptTokens: null,
  completionTokens: null,
  cachedTokens: null,
  reasoningTokens: null,
  microCredits: null,
  droppedCitations: 0,
  createdAt: at,
  completedAt: at,
});

/** Rows for one conversation: new ids, the actor's own, and times that have been. */
function rowsOf(ctx: Context, imported: Imported, known: Map<string, Set<string>>): Whole {
  const owner = ownerOf(ctx);
  const now = ctx.clock.now();
  const past = (time: number | null, from = 0) => Math.max(from, Math.min(time ?? now, now));
  const { nodes, headId } = imported;
  const id = newId("conversation");
  const ids = new Map(nodes.map((node) => [node.id, newId("message")]));
  const own = (from: string | null) => (from === null ? null : (ids.get(from) ?? null));
  const cloneId = "cloneId" in owner ? owner.cloneId : imported.cloneId;
  const documents = known.get(imported.cloneId ?? "");
  const createdAtOf = new Map<string, number>();
  const createdAt = past(imported.createdAt ?? nodes[0]?.createdAt ?? null);
  const cited: CitationRow[] = [];
  const rows = nodes.map((node) => {
    const messageId = own(node.id) ?? newId("message");
    // Never before what it answers: siblings are told apart by their times.
    const at = past(node.createdAt ?? createdAt, createdAtOf.get(node.parentId ?? "") ?? 0);
    createdAtOf.set(node.id, at);
    const numbered = new Map(node.citations.map((citation) => [citation.index, citation]));
    for (const citation of numbered.values()) {
      const documentId = documents?.has(citation.documentId) ? citation.documentId : "";
      cited.push({ ...citation, documentId, messageId });
    }
    const place = { id: messageId, conversationId: id, workspaceId: owner.workspaceId, parentId: own(node.parentId) };
    return messageRow(node, place, at);
  });
  const conversation = {
    id,
    workspaceId: owner.workspaceId,
    userId: "userId" in owner ? owner.userId : null,
    visitorId: "visitorId" in owner ? owner.visitorId : null,
    cloneId: cloneId !== null && ("cloneId" in owner || known.has(cloneId)) ? cloneId : null,
    title: imported.title || titleFrom(nodes.find(({ role }) => role === "user")?.text ?? ""),
    titleSource: "person" as const,
    model: null,
    systemPrompt: imported.systemPrompt,
    temperature: imported.temperature,
    topP: imported.topP,
    maxTokens: imported.maxTokens,
    reasoning: imported.reasoning,
    privacy: imported.privacy,
    documentIds: null,
    pinned: imported.pinned,
    archived: imported.archived,
    folder: imported.folder,
    tags: imported.tags,
    headMessageId: own(headId) ?? rows.at(-1)?.id ?? null,
    forkedFrom: null,
    createdAt,
    updatedAt: past(imported.updatedAt ?? rows.at(-1)?.createdAt ?? createdAt, createdAt),
    importedAt: now,
  };
  return { conversation, rows, cited };
}

/** Each is stored wholly or not at all. Throws what `readImport` throws, and `forbidden` for what visitors may not choose. */
export const importConversations = operation({
  summary: "Bring in conversations from a file",
  description:
    "An export of ours, or the `conversations.json` of ChatGPT or Claude: as the body, or as the field `file` of a form; up to 20 MB. Branches and times stay; ids are new, and all of it is yours.",
  tags,
  action: "conversation.write",
  scope: "chat",
  limit: "upload",
  audit: "conversation.imported",
  input: importInput,
  async run(ctx, { body: { file } }) {
    const imported = await readImport(ctx, file);
    for (const { systemPrompt } of imported) refuseVisitorsChoice(ctx, { system_prompt: systemPrompt });
    const known = await knownClones(ctx, imported);
    const wholes = imported.map((each) => rowsOf(ctx, each, known));
    await insertMany(ctx.db, wholes, (batch) =>
      audited(ctx, { action: "conversation.imported", details: { conversations: batch.length } }),
    );
    return {
      data: wholes.map(({ conversation: { id, title }, rows }, i) => {
        return { id, title, messages: rows.length, left_out: imported[i]?.leftOut ?? [] };
      }),
    };
  },
});
