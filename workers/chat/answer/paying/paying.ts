import type { Bill } from "../../../clones/bill.ts";
import { mostOf, tokensFor } from "../../../models/cost.ts";
import { problemOfFault } from "../../../models/failures.ts";
import type { ChatModel } from "../../../models/ports/chat-model.ts";
import type { Price } from "../../../models/ports/price.ts";
import { Problem } from "../../../platform/errors.ts";
import { creditsText } from "../../../wallet/credits.ts";
import type { Held } from "../../../wallet/terms.ts";
import { askWallet } from "../../../wallet/wallets.ts";
import type { Context } from "../../../workspaces/context.ts";
import { modelUse } from "../model-use.ts";
import type { Call } from "../prepare-call.ts";
import { asksOwnModel, type TurnInput } from "../turn-input.ts";

/** Tokens that an answer is taken to have at most where nobody says: of a model that thinks first, with its thoughts. And so many are the least that is of any use. */
const [usual, usualThinking, least] = [4_096, 16_384, 256];
/** What searching adds to a prompt, in tokens, as long as it is not known; and by how much a provider may count more than an estimate says. */
const passagesTokens = 6_000;
const margin = { times: 5, by: 4 };
/** After so long nobody comes any more to settle what was held, in ms. */
const heldFor = 60 * 60_000;

const withMargin = (tokens: number) => Math.ceil((tokens * margin.times) / margin.by);

/** What an answer may take of its model, and the least of it that is of use, in micro-credits. */
const costs = (price: Price, prompt: number, tokens: number) => ({
  usage: mostOf(price, prompt, tokens),
  leastUsage: mostOf(price, prompt, Math.min(tokens, least)),
});

/** Pays for one turn's answer: sets aside what it may cost, before a model is asked, and lets it be as long as that allows. */
export class Paying {
  readonly #ctx: Context;
  readonly #input: TurnInput;
  readonly #bill: Bill;
  /** What is set aside for the model, and in all. */
  #usage = 0;
  held: number | null = null;
  /** What of that is the answer’s price. */
  price: number | null = null;

  constructor(ctx: Context, input: TurnInput, bill: Bill) {
    this.#ctx = ctx;
    this.#input = input;
    this.#bill = bill;
  }

  /** Sets aside while it is still searched what a model is likely to take. What is refused here is refused again, by `cover`, once more is known. */
  async ahead(chat: ChatModel): Promise<void> {
    const { clone, question, systemPrompt } = this.#input;
    const characters = (clone?.instructions.length ?? 0) + (systemPrompt?.length ?? 0) + question.content.length;
    const prompt = Math.min(chat.info.contextWindow, Math.ceil(characters / 2) + passagesTokens);
    await this.#hold(chat, prompt).catch(() => {});
  }

  /** Sets aside what a call may take, where that is not done yet, and bounds its answer by it. Throws `insufficient_credits`, and `model_unavailable` where nobody knows what a model costs. */
  async cover(call: Call): Promise<void> {
    const { chat, options } = call;
    const prompt = withMargin(call.estimatedPrompt);
    const price = await this.#hold(chat, prompt);
    const most = this.#mostTokens(chat);
    const affordable = price && tokensFor(price, prompt, this.#usage);
    if (affordable !== null) call.options = { ...options, maxOutputTokens: Math.min(most, affordable) };
  }

  #mostTokens({ info }: ChatModel): number {
    const wanted = this.#input.sampling.maxTokens ?? (info.reasoning ? usualThinking : usual);
    return Math.min(wanted, info.outputLimit ?? wanted);
  }

  /** The price that the wallet pays by; null where the model costs it nothing. */
  async #hold(chat: ChatModel, prompt: number): Promise<Price | null> {
    const price = this.#priceOf(chat);
    const { usage, leastUsage } = price ? costs(price, prompt, this.#mostTokens(chat)) : { usage: 0, leastUsage: 0 };
    const isHeld = this.held !== null && this.#usage >= usage;
    const isFree = usage === 0 && this.#bill.price === 0 && !this.#bill.needsSession;
    if (!isHeld && !isFree) await this.#ask(chat, usage, leastUsage);
    return price;
  }

  #priceOf({ info, connection }: ChatModel): Price | null {
    if (connection?.payer !== "installation") return null;
    if (!info.price)
      throw problemOfFault(
        "refused",
        "Nobody knows what this model costs, so that it cannot be paid for by credits. Choose another one.",
      );
    return info.price;
  }

  async #ask({ info }: ChatModel, usage: number, leastUsage: number): Promise<void> {
    const { wallet, price, needsSession, terms } = this.#bill;
    const { turnId, messageId, conversationId, cloneId } = this.#input;
    const { userId, keyId } = modelUse(this.#input, "answer");
    const details = {
      ...{ message_id: messageId, conversation_id: conversationId, clone_id: cloneId },
      model: info.id,
      user_id: userId,
      key_id: keyId,
    };
    const expiresAt = this.#ctx.clock.now() + heldFor;
    const ask = { id: turnId, usage, leastUsage, price, cloneId, needsSession, terms, details, expiresAt };
    const held = await askWallet(this.#ctx, wallet, async (asked): Promise<Held> => asked.hold(wallet, ask));
    if ("refused" in held) throw this.#refusal(held.refused, held.room, leastUsage + price);
    this.#usage = held.usage;
    this.held = held.held;
    this.price = held.price;
  }

  #refusal(wall: string, room: number, needed: number): Problem {
    const isPayer = asksOwnModel(this.#input) || this.#bill.terms.priceId !== null;
    if (!isPayer)
      return new Problem("insufficient_credits", "Whoever runs this clone has no credits left. Try again later.");
    const [asks, left] = [creditsText(needed), creditsText(room)];
    const cheaper = asksOwnModel(this.#input) ? ", or choose a cheaper model" : "";
    const sentences: Record<string, string> = {
      funds: `This answer takes at least ${asks}, and the wallet has ${left}. Top it up${cheaper}.`,
      per_message: `This answer takes at least ${asks}, and one may cost ${left} at most here. Raise the limit in the wallet${cheaper}.`,
      per_day: `This answer takes at least ${asks}, and ${left} may still be spent today. Raise the day’s limit in the wallet, or go on tomorrow.`,
      per_month: `This answer takes at least ${asks}, and ${left} may still be spent this month. Raise the month’s limit in the wallet.`,
      session: "This clone answers in sessions. Open one to go on.",
      over: "What was set aside for this answer was given back, as it waited for too long. Ask again.",
    };
    return new Problem("insufficient_credits", sentences[wall] ?? "There are not enough credits for this answer.");
  }
}
