import { sseFrame } from "../../platform/http/sse.ts";
import type { Context } from "../../workspaces/context.ts";
import { presentCitation } from "../present.ts";
import { type ConversationRow, citationsOf, findAnswerTo, type MessageRow } from "../queries.ts";
import type { Turn } from "./start-turn.ts";
import { answersBeside } from "./turn-queries.ts";

interface StoredAnswer {
  answer: MessageRow;
  citations: ReturnType<typeof presentCitation>[];
}

function* frames(answers: StoredAnswer[]) {
  let id = 0;
  for (const { answer, citations } of answers) {
    const { id: message_id, parentId: user_message_id, turnId: turn_id, model, content } = answer;
    const tag = answer.compareGroup === null ? {} : { message_id };
    yield sseFrame({ id: ++id, event: "start", data: { turn_id, message_id, user_message_id, model, offset: 0 } });
    for (const data of citations) yield sseFrame({ id: ++id, event: "citation", data: { ...data, ...tag } });
    if (content) yield sseFrame({ id: ++id, event: "token", data: { content, finish_reason: null, ...tag } });
    yield sseFrame({ id: ++id, ...endOf(answer) });
  }
}

function endOf(answer: MessageRow): { event: string; data: object } {
  const usage = { prompt_tokens: answer.promptTokens ?? 0, completion_tokens: answer.completionTokens ?? 0 };
  const finish_reason = answer.finishReason ?? "stop";
  const message_id = answer.id;
  return answer.status === "complete" || answer.status === "stopped"
    ? {
        event: "done",
        data: {
          finish_reason,
          usage,
          cost: { micro_credits: 0 },
          message_id,
          dropped_citations: answer.droppedCitations,
        },
      }
    : {
        event: "error",
        data: { error: "This answer was not finished.", code: answer.errorCode ?? "INTERNAL", message_id },
      };
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
    rows.map(async (row) => ({ answer: row, citations: (await citationsOf(ctx.db, row.id)).map(presentCitation) })),
  );
  const stream = new Response(new Blob([...frames(answers)] as BlobPart[])).body;
  if (!stream) return null;
  const first = rows[0] ?? answer;
  return { turnId: first.turnId ?? answer.turnId, questionId, messageId: first.id, compareGroup, stream };
}
