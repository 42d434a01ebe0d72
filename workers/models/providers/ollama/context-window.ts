import { estimateTokens, wideCharacters } from "../../../text/tokens.ts";
import { problemOfFault } from "../../failures.ts";
import type { BoxModel } from "./box-model.ts";

/** The smallest window that is asked for; each further one has twice as many tokens, so that a conversation that grows has its model loaded anew a few times only. */
const smallest = 4_096;
/** What is left for an answer of which nobody said how long it may be, and for one that is thought about before. */
const usualAnswer = 2_048;
const thoughtfulAnswer = 4_096;
/** Our count may be so much too low. */
const margin = 1.2;
/** Templates put about so many tokens around each message; an image is about so many itself. */
const perMessage = 8;
const perImage = 1_024;

/** What a prompt holds, as it is counted here: no model's own count. */
export interface PromptSize {
  /** About how many tokens it has. */
  estimate: number;
  /** How many it has at least, whatever the model: each word is one or more. */
  least: number;
}

/** Counts a prompt; `unread` is what a template may leave out, such as tools and earlier thoughts. */
export function sizeOf(texts: readonly string[], unread: readonly string[], images: number): PromptSize {
  const all = [...texts, ...unread].reduce((sum, text) => sum + estimateTokens(text) + perMessage, 0);
  return { estimate: all + images * perImage, least: texts.reduce((sum, text) => sum + leastTokens(text), 0) };
}

function leastTokens(text: string): number {
  const words = text.match(/[\p{L}\p{N}]\S*/gu)?.length ?? 0;
  return words + Math.floor((text.match(wideCharacters)?.length ?? 0) / 4);
}

/** Chooses the windows that a model is asked for, one call after the other. */
export class Windows {
  #of: BoxModel | null = null;
  #window = 0;

  /**
   * The window to ask for: what the prompt needs with room for an answer, no less than the model is loaded with or was asked for since that was said, as another one
   * would have it loaded anew, and no more than it was trained for. Throws where the prompt cannot fit in that.
   */
  next(size: PromptSize, model: BoxModel, answer: number | undefined): number {
    const { contextWindow, setContext, loadedContext, capabilities } = model;
    const most = contextWindow ?? Number.POSITIVE_INFINITY;
    if (size.least >= most) throw tooLong(size, most);
    const room = answer ?? (capabilities?.includes("thinking") ? thoughtfulAnswer : usualAnswer);
    const needed = Math.ceil(size.estimate * margin) + room;
    let window = smallest;
    while (window < needed) window *= 2;
    const asked = this.#of === model ? this.#window : 0;
    this.#of = model;
    this.#window = Math.min(Math.max(window, setContext, loadedContext, asked), most);
    return this.#window;
  }
}

const tooLong = ({ estimate }: PromptSize, most: number) =>
  problemOfFault(
    "context",
    `This has about ${estimate} tokens, and the model reads ${most}. Ask something shorter, begin a new conversation, or choose a model that reads more.`,
    400,
  );

/** What was cut off is a little more than counts differ by. */
const tolerance = 0.9;
/** No box cuts a prompt to less: what is read of it then is what its template lets through. */
const leastCut = 1_024;

/**
 * Refuses an answer to a prompt that was not read whole: one that filled its window, or of which fewer tokens were read than it has words. `read` counts what was cached too, in all
 * versions that have `/api/embed`; what is not said proves nothing.
 */
export function requireWhole(size: PromptSize, window: number, read: number | undefined): void {
  if (!read || (read < window && read >= size.least * tolerance)) return;
  const [why, what] =
    read < leastCut
      ? [
          "its template leaves the rest out",
          "Give the model a template for chats (TEMPLATE in its Modelfile), or choose another one.",
        ]
      : ["the rest was cut off", "Ask something shorter, begin a new conversation, or choose a model that reads more."];
  throw problemOfFault(
    "context",
    `The model read only ${read} of about ${Math.max(size.estimate, read + 1)} tokens that it was asked: ${why}, so that its answer is worth nothing. ${what}`,
  );
}
