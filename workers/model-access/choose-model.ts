import { requireChosenModel } from "../models/available-models.ts";
import { isProblem, refusedField } from "../platform/errors.ts";
import type { Context } from "../workspaces/context.ts";
import { connectionsOf } from "./connections.ts";
import type { Payer } from "./use.ts";

/**
 * Refuses a model that somebody chooses and nothing has, asked with the keys of the workspace that pays; null is the default. What was chosen `before` stays as
 * it is, even where its provider has it no more. Throws `validation_failed`.
 */
export async function requireChoosable(
  ctx: Context,
  payer: Payer,
  chosen: string | null | undefined,
  before?: string | null,
): Promise<void> {
  if (chosen === null || chosen === undefined || chosen === before) return;
  await requireChosenModel(ctx, connectionsOf(ctx, payer), chosen).catch((error) => {
    // Of what is bound, a cloud's model is a wrong choice, and none that may be there again in a while.
    const isElsewhere = payer.privacy === "own" && isProblem(error) && error.code === "model_unavailable";
    throw isElsewhere ? refusedField("model", error.message) : error;
  });
}
