import type { z } from "zod";
import type { Conversation, Message, waitingQuestion } from "../../../workers/chat/contract.ts";
import type { visitorToken } from "../../../workers/clones/contract.ts";
import { problemOf } from "../../api-problem.ts";
import { callApi, readApi } from "../../browser-api.ts";
import { type ConversationSettings, givenSettings, settingsOf } from "../settings/conversation-settings.ts";

type WaitingQuestion = z.output<typeof waitingQuestion>;
type VisitorToken = z.output<typeof visitorToken>;

const asStream = { Accept: "text/event-stream" };

interface Question {
  id: string;
  content: string;
  parent_id?: string | null;
  model?: string;
  queue?: true;
}

const visitorKey = "understudy:visitor";

/** True where this browser's cookie makes it the visitor of this clone. The cookie itself is out of a script's reach. */
function isVisitorOf(slug: string): boolean {
  const [of, until] = (localStorage.getItem(visitorKey) ?? "").split(" ");
  return of === slug && Number(until) > Date.now();
}

/** Makes this browser an anonymous visitor of a public clone. */
async function becomeVisitor(slug: string): Promise<void> {
  const { expires_in } = await readApi<VisitorToken>("/visitors", { method: "POST", json: { clone: slug } });
  localStorage.setItem(visitorKey, `${slug} ${Date.now() + expires_in * 1_000}`);
}

/**
 * Starts a conversation with a clone, whose model is asked as `settings` say. Where `visitorOf` is set, to the slug of the public page, whoever is nobody yet, or the
 * visitor of another clone, first becomes a visitor of this one.
 */
export async function createConversation(
  cloneId: string | null,
  visitorOf: string | null,
  settings: ConversationSettings,
): Promise<Conversation> {
  const json = { ...(cloneId ? { clone_id: cloneId } : {}), ...givenSettings(settings) };
  const create = () => readApi<Conversation>("/conversations", { method: "POST", json });
  if (visitorOf !== null && !isVisitorOf(visitorOf)) await becomeVisitor(visitorOf);
  try {
    return await create();
  } catch (error) {
    // The cookie may have gone without this page's knowledge.
    if (visitorOf === null || ![401, 404].includes(problemOf(error).status)) throw error;
    await becomeVisitor(visitorOf);
    return create();
  }
}

/** A conversation's messages, the branch it was left at, and how its model is asked. */
export async function readConversation(
  id: string,
): Promise<{ messages: Message[]; head: string | null; settings: ConversationSettings }> {
  const [conversation, tree] = await Promise.all([
    readApi<Conversation>(`/conversations/${id}`),
    readApi<{ data: Message[] }>(`/conversations/${id}/messages`),
  ]);
  return { messages: tree.data, head: conversation.head_message_id, settings: settingsOf(conversation) };
}

export function sendMessage(conversationId: string, question: Question, signal: AbortSignal): Promise<Response> {
  const path = `/conversations/${conversationId}/messages`;
  return callApi(path, { method: "POST", json: question, headers: asStream, signal });
}

/** Asks two to four models the same question; the stream has the events of all. */
export function compare(
  conversationId: string,
  { id, content, parent_id }: Question,
  models: readonly string[],
  signal: AbortSignal,
): Promise<Response> {
  const json = { id, content, parent_id, models };
  return callApi(`/conversations/${conversationId}/compare`, { method: "POST", json, headers: asStream, signal });
}

/** The questions that wait for the running answer's end, in their order. */
export async function readQueue(conversationId: string): Promise<WaitingQuestion[]> {
  return (await readApi<{ data: WaitingQuestion[] }>(`/conversations/${conversationId}/queue`)).data;
}

/** Takes back a question that waits. */
export async function takeBack(conversationId: string, turnId: string): Promise<void> {
  await callApi(`/conversations/${conversationId}/queue/${turnId}`, { method: "DELETE" });
}

export function regenerate(
  conversationId: string,
  messageId: string,
  model: string | undefined,
  signal: AbortSignal,
): Promise<Response> {
  const path = `/conversations/${conversationId}/regenerate`;
  return callApi(path, { method: "POST", json: { message_id: messageId, model }, headers: asStream, signal });
}

export function continueAnswer(conversationId: string, messageId: string, signal: AbortSignal): Promise<Response> {
  const path = `/conversations/${conversationId}/continue`;
  return callApi(path, { method: "POST", json: { message_id: messageId }, headers: asStream, signal });
}

/** Attaches to the answer that is being written, or to the turn that is named, behind the last event that was seen. */
export function attach(
  conversationId: string,
  lastEventId: string | null,
  signal: AbortSignal,
  turnId?: string,
): Promise<Response> {
  const headers = { ...asStream, ...(lastEventId === null ? {} : { "Last-Event-ID": lastEventId }) };
  const which = turnId === undefined ? "" : `?turn_id=${turnId}`;
  return callApi(`/conversations/${conversationId}/stream${which}`, { headers, signal });
}

export async function stopAnswer(conversationId: string): Promise<void> {
  await callApi(`/conversations/${conversationId}/stop`, { method: "POST" });
}

export async function rememberBranch(conversationId: string, head: string): Promise<void> {
  await callApi(`/conversations/${conversationId}`, { method: "PUT", json: { head_message_id: head } });
}

export async function deleteBranch(conversationId: string, messageId: string): Promise<void> {
  await callApi(`/conversations/${conversationId}/messages/${messageId}`, { method: "DELETE" });
}
