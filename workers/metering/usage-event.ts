import { costOf } from "../models/cost.ts";
import type { CalledModel } from "../models/ports/called-model.ts";
import type { UsageEvent } from "./queries.ts";

/** On whose account a model is called, and for what. */
export type ChargedTo = Pick<
  UsageEvent,
  "purpose" | "turnId" | "workspaceId" | "userId" | "keyId" | "cloneId" | "conversationId"
>;

/** What a call took, in the model's own tokens, and for how long. */
export type Taken = Pick<
  UsageEvent,
  | "promptTokens"
  | "cacheReadTokens"
  | "cacheWriteTokens"
  | "completionTokens"
  | "reasoningTokens"
  | "estimated"
  | "durationMs"
  | "firstTokenMs"
>;

/** What a model costs for what it took, in micro-credits; null where no price is known. */
export const costOfTaken = ({ price }: CalledModel, taken: Omit<Taken, "durationMs" | "firstTokenMs">): number | null =>
  price &&
  costOf(price, {
    prompt: taken.promptTokens,
    cacheRead: taken.cacheReadTokens ?? 0,
    cacheWrite: taken.cacheWriteTokens ?? 0,
    completion: taken.completionTokens,
  });

/** What is kept of a call. */
export const usageEvent = (
  id: string,
  charged: ChargedTo,
  called: CalledModel,
  taken: Taken,
  end: Pick<UsageEvent, "outcome" | "createdAt">,
): UsageEvent => ({
  id,
  ...charged,
  provider: called.provider,
  model: called.id,
  lane: called.lane,
  payer: called.payer,
  ...taken,
  priceId: called.price?.id ?? null,
  microCredits: costOfTaken(called, taken),
  ...end,
});
