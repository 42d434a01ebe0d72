import type { z } from "zod";
import type {
  Conversation,
  FoundMessage,
  Message,
  updateConversationInput,
  waitingQuestion,
} from "../workers/chat/contract.ts";
import { callApi, readApi } from "./call-api.ts";
import { type ConversationSettings, givenSettings, settingsOf } from "./conversation-settings.ts";
import { type Waiting, waitingOf } from "./waiting.ts";

/** Starts a conversation with a clone, or with none, whose model is asked as `settings` say. Rejects with what the API says, as all of these. */
export function createConversation(cloneId: string | null, settings: ConversationSettings): Promise<Conversation> {
  const json = { ...(cloneId ? { clone_id: cloneId } : {}), ...givenSettings(settings) };
  return readApi<Conversation>("/conversations", { method: "POST", json });
}

/** A conversation as it is opened: its messages, the branch it was left at, what waits to be asked, and how its model is asked. */
interface OpenedConversation {
  messages: Message[];
  head: string | null;
  waiting: Waiting[];
  settings: ConversationSettings;
}

export async function readConversation(id: string): Promise<OpenedConversation> {
  const [conversation, tree, waiting] = await Promise.all([
    readApi<Conversation>(`/conversations/${id}`),
    readApi<{ data: Message[] }>(`/conversations/${id}/messages`),
    readQueue(id),
  ]);
  return { messages: tree.data, head: conversation.head_message_id, waiting, settings: settingsOf(conversation) };
}

/** The questions that wait, in their order. */
export async function readQueue(id: string): Promise<Waiting[]> {
  return waitingOf((await readApi<{ data: z.output<typeof waitingQuestion>[] }>(`/conversations/${id}/queue`)).data);
}

/** Changes what is given of a conversation, such as the message at the end of the branch that is shown. */
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
