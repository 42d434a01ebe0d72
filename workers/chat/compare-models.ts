import type { z } from "zod";
import type { Context } from "../workspaces/context.ts";
import type { compareInput, compareResult } from "./contract.ts";
import { getConversation, getTalk } from "./get-conversation.ts";
import { listTree } from "./list-tree.ts";
import { placedQuestion, turnBefore } from "./new-question.ts";
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
  const talk = await getTalk(ctx, conversationId);
  const { conversation } = talk;
  const { id, content, parent_id: _, models, ...sampling } = input;
  const before = id && (await turnBefore(ctx, conversation, { id, content, isCompared: true }));
  if (before) return before;
  const question = await placedQuestion(ctx, conversation, input);
  return startSideBySide(ctx, talk, { question, sampling }, models);
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
