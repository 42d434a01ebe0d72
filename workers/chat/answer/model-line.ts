import type { FallbackReason } from "../../model-access/parameters-contract.ts";
import { breaker } from "../../models/breaker.ts";
import { classifyModelFailure, problemOfFault } from "../../models/failures.ts";
import type { ChatModel } from "../../models/ports/chat-model.ts";
import { isProblem } from "../../platform/errors.ts";
import type { Context } from "../../workspaces/context.ts";
import type { Gathered } from "./gather.ts";
import { resolveModel } from "./model-use.ts";
import { lackOf } from "./passing/needs.ts";
import type { Passed } from "./passing/passed.ts";
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

/** A model that can answer; throws where it cannot be had, or is known not to do what came beside the question. */
async function ableModel(ctx: Context, input: TurnInput, id: string | null, passed: Passed | undefined) {
  const chat = await resolveModel(ctx, input, id);
  const lack = lackOf(chat.info, passed);
  if (lack === null) return chat;
  ctx.log.info("model_passed_over", { turn_id: input.turnId, model: chat.info.id, why: lack });
  throw problemOfFault("refused", lack);
}

/**
 * The next model in line from place `from` on that is set up, allowed, able to do what was `passed` on, and not resting; null where there is none. `reason` is why those before it did
 * not answer. Where all that could rest, the first of them is asked all the same. Throws what the first cannot be had for where no other can.
 */
export async function nextInLine(
  ctx: Context,
  input: TurnInput,
  from: number,
  reason: FallbackReason | null,
  passed: Passed | undefined,
): Promise<InLine | null> {
  const ids = lineOf(ctx, input);
  let why = reason;
  let first: InLine | null = null;
  let refusal: unknown = null;
  for (let at = from; at < ids.length; at++) {
    try {
      const chat = await ableModel(ctx, input, ids[at] ?? null, passed);
      const turn = { chat, at, reason: at === 0 ? null : (why ?? "down") };
      const rests = ids.length > 1 ? breaker.resting(chat, ctx.clock.now()) : null;
      if (rests === null) return turn;
      // Those behind it rest, too.
      first ??= { ...turn, at: ids.length - 1 };
      why ??= rests;
    } catch (error) {
      if (!isProblem(error)) throw error;
      refusal ??= error;
      why ??= classifyModelFailure(error).kind ?? "down";
    }
  }
  if (from > 0 || first) return from > 0 ? null : first;
  throw refusal;
}

/** What an answer is made of: what is found, and the model that is asked. */
export interface Collected {
  gathered: Promise<Gathered>;
  first: Promise<InLine>;
}

/** Collects what a turn's answer is made of, its parts side by side. */
export function collected(ctx: Context, input: TurnInput, gathered: Promise<Gathered>, passed?: Passed): Collected {
  const first = nextInLine(ctx, input, 0, null, passed).then((turn) => {
    if (!turn) throw new Error("There is no first in line.");
    return turn;
  });
  // Whoever waits for both meets the failure of either.
  for (const part of [gathered, first]) part.catch(() => {});
  return { gathered, first };
}
