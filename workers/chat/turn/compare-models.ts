import type { z } from "zod";
import type { Context } from "../../workspaces/context.ts";
import type { compareInput } from "../contract.ts";
import { readyQuestion } from "./new-question.ts";
import { startSideBySide, type Turn } from "./start-turn.ts";

/**
 * Asks several models one question, side by side: each answers in a turn of its own, and one of them can be gone on with. A
 * message id that comes again finds the turns that it started. Throws `turn_in_progress`, `conflict`, `not_found`, `forbidden`.
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
