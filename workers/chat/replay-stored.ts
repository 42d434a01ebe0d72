import { sseFrame } from "../platform/sse.ts";
import type { Context } from "../workspaces/context.ts";
import { presentCitation } from "./present.ts";
import { type ConversationRow, citationsOf, findAnswerTo } from "./queries.ts";
import type { Turn } from "./start-turn.ts";

function* frames(
  answer: NonNullable<Awaited<ReturnType<typeof findAnswerTo>>>,
  citations: ReturnType<typeof presentCitation>[],
) {
  const { id: message_id, parentId: user_message_id, turnId: turn_id, model, content } = answer;
  let id = 0;
  yield sseFrame({ id: ++id, event: "start", data: { turn_id, message_id, user_message_id, model, offset: 0 } });
  for (const data of citations) yield sseFrame({ id: ++id, event: "citation", data });
  if (content) yield sseFrame({ id: ++id, event: "token", data: { content, finish_reason: null } });
  const usage = { prompt_tokens: answer.promptTokens ?? 0, completion_tokens: answer.completionTokens ?? 0 };
  const finish_reason = answer.finishReason ?? "stop";
  yield answer.status === "complete" || answer.status === "stopped"
    ? sseFrame({ id: ++id, event: "done", data: { finish_reason, usage, cost: { micro_credits: 0 }, message_id } })
    : sseFrame({
        id: ++id,
        event: "error",
        data: { error: "This answer was not finished.", code: answer.errorCode ?? "INTERNAL", message_id },
      });
}

/**
 * The turn of a question that was answered so long ago that its events are gone: told again from what is stored for good. Null
 * while the object still has them, or the answer is being written.
 */
export async function replayStored(
  ctx: Context,
  conversation: ConversationRow,
  questionId: string,
): Promise<Turn | null> {
  const answer = await findAnswerTo(ctx.db, conversation, questionId);
  if (!answer || answer.status === "running" || !answer.turnId) return null;
  const citations = (await citationsOf(ctx.db, answer.id)).map(presentCitation);
  const stream = new Response(new Blob([...frames(answer, citations)] as BlobPart[])).body;
  if (!stream) return null;
  return { turnId: answer.turnId, questionId, messageId: answer.id, stream };
}
