import { sseFrame } from "../../platform/http/sse.ts";
import type { Context } from "../../workspaces/context.ts";
import type { StoredCitation } from "../answer/stored-citation.ts";
import { citationEvent, endEvent, type StreamEvent, startEvent, tagOf, tokenEvent } from "../events/turn-events.ts";
import { type ConversationRow, citationsOf, findAnswerTo, type MessageRow } from "../queries.ts";
import type { Turn } from "./start-turn.ts";
import { answersBeside } from "./turn-queries.ts";

interface StoredAnswer {
  answer: MessageRow;
  citations: StoredCitation[];
}

function* frames(answers: StoredAnswer[]) {
  let id = 0;
  for (const { answer, citations } of answers) {
    const { id: messageId, parentId: questionId, turnId, model, content, compareGroup } = answer;
    const tag = tagOf({ messageId, compareGroup });
    const events = [
      startEvent({ turnId, messageId, questionId, model, offset: 0 }),
      ...citations.map((each) => citationEvent(each, tag)),
      ...(content ? [tokenEvent(content, tag)] : []),
      endOf(answer),
    ];
    for (const event of events) yield sseFrame({ id: ++id, ...event });
  }
}

function endOf(answer: MessageRow): StreamEvent {
  const isWhole = answer.status === "complete" || answer.status === "stopped";
  return endEvent({
    messageId: answer.id,
    finishReason: answer.finishReason,
    promptTokens: answer.promptTokens ?? 0,
    completionTokens: answer.completionTokens ?? 0,
    droppedCitations: answer.droppedCitations,
    error: isWhole ? null : { code: answer.errorCode ?? "INTERNAL", message: "This answer was not finished." },
  });
}

/**
 * The turn of a question that was answered so long ago that its events are gone, or the turns side by side: told again from what
 * is stored for good. Null while the object still has them, or an answer is being written.
 */
export async function replayStored(
  ctx: Context,
  conversation: ConversationRow,
  questionId: string,
): Promise<Turn | null> {
  const answer = await findAnswerTo(ctx.db, conversation, questionId);
  if (!answer?.turnId) return null;
  const { compareGroup } = answer;
  const rows = compareGroup ? await answersBeside(ctx.db, conversation, compareGroup) : [answer];
  if (rows.some(({ status }) => status === "running")) return null;
  const answers = await Promise.all(
    rows.map(async (row) => ({ answer: row, citations: await citationsOf(ctx.db, row.id) })),
  );
  const stream = new Response(new Blob([...frames(answers)] as BlobPart[])).body;
  if (!stream) return null;
  const first = rows[0] ?? answer;
  const turnId = first.turnId ?? answer.turnId;
  return { conversationId: conversation.id, turnId, questionId, messageId: first.id, compareGroup, stream };
}
