import { sseFrame } from "../../platform/http/sse.ts";
import {
  citationEvent,
  endEvent,
  reasoningEvent,
  type StreamEvent,
  startEvent,
  tagOf,
  tokenEvent,
} from "../events/turn-events.ts";
import type { ConversationStore, HeldMessage } from "../store/conversation-store.ts";

function endOf(answer: HeldMessage): StreamEvent {
  const isWhole = answer.status === "complete" || answer.status === "stopped";
  return endEvent({
    messageId: answer.id,
    finishReason: answer.finishReason,
    promptTokens: answer.promptTokens ?? 0,
    completionTokens: answer.completionTokens ?? 0,
    // Older versions stored neither.
    cachedTokens: answer.cachedTokens ?? null,
    reasoningTokens: answer.reasoningTokens ?? null,
    microCredits: answer.microCredits ?? null,
    droppedCitations: answer.droppedCitations,
    error: isWhole ? null : { code: answer.errorCode ?? "INTERNAL", message: "This answer was not finished." },
  });
}

function* frames(answers: readonly HeldMessage[]) {
  let id = 0;
  for (const answer of answers) {
    const { id: messageId, parentId: questionId, turnId, model, content, compareGroup, citations, thoughts } = answer;
    const tag = tagOf({ messageId, compareGroup });
    const events = [
      startEvent({ turnId, messageId, questionId, model, offset: 0 }),
      ...(thoughts ? [reasoningEvent(thoughts, tag)] : []),
      ...citations.map((each) => citationEvent(each, tag)),
      ...(content ? [tokenEvent(content, tag)] : []),
      endOf(answer),
    ];
    for (const event of events) yield sseFrame({ id: ++id, ...event });
  }
}

/** A turn of long ago, or the turns side by side, told again. */
export interface Replayed {
  turnId: string;
  messageId: string;
  compareGroup: string | null;
  stream: ReadableStream<Uint8Array>;
}

/**
 * The turn of a question that was answered so long ago that its events are gone, or the turns side by side: told again from what
 * their messages say. Null where it has no answer, as of one that is gone.
 */
export function replayStored(store: ConversationStore, questionId: string): Replayed | null {
  const all = store.answersTo(questionId);
  const newest = all.at(-1);
  if (!newest?.turnId) return null;
  const { compareGroup } = newest;
  const answers = compareGroup ? all.filter((answer) => answer.compareGroup === compareGroup) : [newest];
  const stream = new Response(new Blob([...frames(answers)] as BlobPart[])).body;
  if (!stream) return null;
  const first = answers[0] ?? newest;
  return { turnId: first.turnId ?? newest.turnId, messageId: first.id, compareGroup, stream };
}
