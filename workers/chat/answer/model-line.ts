import type { FallbackReason } from "../../model-access/parameters-contract.ts";
import { breaker } from "../../models/breaker.ts";
import type { ChatModel } from "../../models/ports/chat-model.ts";
import { isProblem } from "../../platform/errors.ts";
import type { Context } from "../../workspaces/context.ts";
import { resolveModel } from "./model-use.ts";
import { modelOf, type TurnInput } from "./turn-input.ts";

/** A model whose turn it is, at its place in line. */
export interface InLine {
  chat: ChatModel;
  at: number;
  /** Why it is not the first; null of the first. */
  reason: FallbackReason | null;
}

/** The models that may answer, in order: what was asked for, then the installation's fallbacks. Those that are compared answer for themselves. */
export const lineOf = ({ config }: Context, input: TurnInput): (string | null)[] => [
  modelOf(input),
  ...(input.compareGroup === null ? config.FALLBACK_MODELS : []),
];

/**
 * The next model in line from place `from` on that is set up, allowed, and not resting; null where there is none. `reason` is why those before it did not answer. Where all rest, the
 * first is asked all the same. Throws what the first cannot be had for where no other can.
 */
export async function nextInLine(
  ctx: Context,
  input: TurnInput,
  from: number,
  reason: FallbackReason | null,
): Promise<InLine | null> {
  const ids = lineOf(ctx, input);
  let why = reason;
  let first: ChatModel | null = null;
  let refusal: unknown = null;
  for (let at = from; at < ids.length; at++) {
    try {
      const chat = await resolveModel(ctx, input, ids[at] ?? null);
      first ??= chat;
      const rests = ids.length > 1 ? breaker.resting(chat, ctx.clock.now()) : null;
      if (rests === null) return { chat, at, reason: at === 0 ? null : (why ?? "down") };
      why ??= rests;
    } catch (error) {
      if (!isProblem(error)) throw error;
      refusal ??= error;
      why ??= "down";
    }
  }
  if (from > 0) return null;
  if (first) return { chat: first, at: ids.length - 1, reason: null };
  throw refusal;
}
