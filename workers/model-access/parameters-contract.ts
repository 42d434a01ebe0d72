import { z } from "zod";
import { reasoningEfforts } from "../db/reasoning-efforts.ts";

/** How freely a model chooses its words, how many it may say, and how much it may think first. */
export const parameters = {
  temperature: z.number().min(0, "Use 0 to 2.").max(2, "Use 0 to 2."),
  top_p: z.number().gt(0, "Use more than 0, at most 1.").max(1, "Use more than 0, at most 1."),
  max_tokens: z.number().int("Use a whole number.").min(1, "Use 1 to 32,000.").max(32_000, "Use 1 to 32,000."),
  reasoning_effort: z.enum(reasoningEfforts, `Use one of ${reasoningEfforts.join(", ")}.`),
};

/** What something is bound to. */
export const privacy = z
  .enum(["own"], "Use “own”, or leave it out.")
  .describe(
    "`own` keeps prompts, documents and vectors on the owner’s own machines: no cloud is asked, whatever happens.",
  );

/** Whose machine answers. */
export const lane = z.enum(["own", "cloud", "offline"]);

/** Why another model answered than the one that was asked for. */
export const fallbackReason = z.enum(["down", "busy", "refused", "context", "over_budget", "cut_prompt", "queue"]);
export type FallbackReason = z.output<typeof fallbackReason>;
