import type { z } from "zod";
import type { Conversation, FoundMessage, updateConversationInput } from "../../../workers/chat/contract.ts";
import { callApi, readApi } from "../../browser-api.ts";

/** Changes what is given of a conversation. Rejects with what the API says, as all of these. */
export async function changeConversation(id: string, changes: z.input<typeof updateConversationInput>): Promise<void> {
  await callApi(`/conversations/${id}`, { method: "PUT", json: changes });
}

export async function deleteConversation(id: string): Promise<void> {
  await callApi(`/conversations/${id}`, { method: "DELETE" });
}

/** At most a hundred. */
export async function deleteConversations(ids: readonly string[]): Promise<void> {
  await callApi("/conversations/delete", { method: "POST", json: { ids } });
}

/** Puts conversations into the archive, all or none of them, or takes them out; at most a hundred. */
export async function archiveConversations(ids: readonly string[], archived: boolean): Promise<void> {
  await callApi("/conversations/archive", { method: "POST", json: { ids, archived } });
}

/** A new conversation of the branch up to a message. */
export function forkAt(conversationId: string, messageId: string): Promise<Conversation> {
  const path = `/conversations/${conversationId}/fork`;
  return readApi<Conversation>(path, { method: "POST", json: { message_id: messageId } });
}

/** The best `limit` of one's messages that have every word of `query`. */
export async function searchMessages(query: string, limit: number, signal: AbortSignal): Promise<FoundMessage[]> {
  const options = { method: "POST" as const, json: { query, limit }, signal };
  return (await readApi<{ data: FoundMessage[] }>("/conversations/search", options)).data;
}
