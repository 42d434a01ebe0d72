import type { z } from "zod";
import type { Context } from "../../workspaces/context.ts";
import type { compareInput, compareResult } from "../contract.ts";
import { getConversation } from "../conversations/get-conversation.ts";
import { listTree } from "./list-tree.ts";
import { readyQuestion } from "./new-question.ts";
import { startSideBySide, type Turn } from "./start-turn.ts";

/**
 * Asks several models one question, side by side: each answers in a turn of its own, and one of them can be gone on with. The
 * same message id again finds the same turns. Throws `turn_in_progress`, `conflict`, `not_found`, `forbidden`.
 */
export async function compareModels(
  ctx: Context,
  conversationId: string,
  input: z.output<typeof compareInput>,
): Promise<Turn> {
  const { id: _, content: __, parent_id: ___, models, ...sampling } = input;
  const ready = await readyQuestion(ctx, conversationId, { ...input, isCompared: true });
  if (ready.earlier) return ready.earlier;
  const { talk, question, before } = ready;
  return startSideBySide(ctx, talk, { question, before, sampling }, models);
}

/** Waits until the last of the answers has ended. What failed says so itself. */
export async function awaitComparison(
  ctx: Context,
  conversationId: string,
  turn: Turn,
): Promise<z.output<typeof compareResult>> {
  await turn.stream.pipeTo(new WritableStream());
  const tree = await listTree(ctx, await getConversation(ctx, conversationId));
  return {
    compare_group: turn.compareGroup ?? turn.turnId,
    user_message_id: turn.questionId,
    data: tree.filter(({ compare_group }) => compare_group === turn.compareGroup),
  };
}
