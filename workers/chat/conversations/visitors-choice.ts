import { Problem } from "../../platform/errors.ts";
import type { Context } from "../../workspaces/context.ts";

/** What only people with an account choose for themselves. */
interface Choice {
  model?: string | null | undefined;
  system_prompt?: string | null | undefined;
}

/** Visitors talk to a clone as its owner set it up. Throws `forbidden` for a model or instructions of their own. */
export function refuseVisitorsChoice({ actor }: Pick<Context, "actor">, { model, system_prompt }: Choice): void {
  if (actor.kind !== "visitor") return;
  if (model !== undefined && model !== null) {
    throw new Problem("forbidden", "Visitors talk to the clone’s own model. Leave “model” out.");
  }
  if (system_prompt !== undefined && system_prompt !== null) {
    throw new Problem("forbidden", "Visitors talk to the clone as its owner set it up. Leave “system_prompt” out.");
  }
}
