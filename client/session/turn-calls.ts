import type { Message } from "../../workers/chat/contract.ts";
import { callApi } from "../call-api.ts";
import { type How, spoken } from "../how-asked.ts";

const asStream = { Accept: "text/event-stream" };

interface Question {
  id: string;
  content: string;
  parent_id?: string | null;
  model?: string;
  privacy?: NonNullable<Message["privacy"]>;
  queue?: true;
}

export function sendMessage(conversationId: string, question: Question, signal: AbortSignal): Promise<Response> {
  const path = `/conversations/${conversationId}/messages`;
  return callApi(path, { method: "POST", json: question, headers: asStream, signal });
}

/** Asks two to four models the same question; the stream has the events of all. */
export function compare(
  conversationId: string,
  question: Question,
  models: readonly string[],
  signal: AbortSignal,
): Promise<Response> {
  const json = { ...question, models };
  return callApi(`/conversations/${conversationId}/compare`, { method: "POST", json, headers: asStream, signal });
}

/** Takes back a question that waits. */
export async function takeBack(conversationId: string, turnId: string): Promise<void> {
  await callApi(`/conversations/${conversationId}/queue/${turnId}`, { method: "DELETE" });
}

export function regenerate(
  conversationId: string,
  messageId: string,
  how: How,
  signal: AbortSignal,
): Promise<Response> {
  const path = `/conversations/${conversationId}/regenerate`;
  const json = { message_id: messageId, ...spoken(how) };
  return callApi(path, { method: "POST", json, headers: asStream, signal });
}

export function continueStopped(conversationId: string, messageId: string, signal: AbortSignal): Promise<Response> {
  const path = `/conversations/${conversationId}/continue`;
  return callApi(path, { method: "POST", json: { message_id: messageId }, headers: asStream, signal });
}

/** Attaches to the turn that is named, or to the answer that is being written, behind the last event that was seen. */
export function attach(
  conversationId: string,
  turnId: string | null,
  lastEventId: string | null,
  signal: AbortSignal,
): Promise<Response> {
  const headers = { ...asStream, ...(lastEventId === null ? {} : { "Last-Event-ID": lastEventId }) };
  const which = turnId === null ? "" : `?turn_id=${turnId}`;
  return callApi(`/conversations/${conversationId}/stream${which}`, { headers, signal });
}

export async function stopAnswer(conversationId: string): Promise<void> {
  await callApi(`/conversations/${conversationId}/stop`, { method: "POST" });
}

/** Has the model that would answer at once asked, for the question that stands in line. */
export async function fallBack(conversationId: string): Promise<void> {
  await callApi(`/conversations/${conversationId}/fall-back`, { method: "POST" });
}

export async function deleteBranch(conversationId: string, messageId: string): Promise<void> {
  await callApi(`/conversations/${conversationId}/messages/${messageId}`, { method: "DELETE" });
}
