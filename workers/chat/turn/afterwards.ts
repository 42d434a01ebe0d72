import { load } from "../../platform/limits/overload.ts";
import type { Context } from "../../workspaces/context.ts";
import { foldHistory } from "../answer/fold-history.ts";
import type { Summary } from "../answer/summary.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import type { TurnResult } from "../answer/turn-result.ts";
import { needsTitle, suggestTitle } from "../conversations/suggest-title.ts";
import type { TurnRunner } from "./turn-runner.ts";

/** What becomes of what the model found. */
interface Found {
  title(title: string): Promise<void>;
  summary(summary: Summary): void;
}

/** What the model does for a conversation while nobody waits for it: questions come first, here and wherever this process answers. */
export class Afterwards {
  readonly #found: Found;
  #folding = new AbortController();

  constructor(found: Found) {
    this.#found = found;
  }

  /** A question has come: the model is its. */
  makeWay(): void {
    this.#folding.abort();
  }

  /** Begins, after a whole answer; only what is short where others are still `writing`. */
  begin(ctx: Context, { input, before }: TurnRunner, result: TurnResult, { writing }: { writing: boolean }): void {
    ctx.defer(this.#retitle(ctx, input, result));
    if (writing) return;
    this.#folding.abort();
    this.#folding = new AbortController();
    const { signal } = this.#folding;
    const fold = load.whenIdle(() => foldHistory(ctx, input, result, before, signal, this.#found.summary), signal);
    ctx.defer(
      fold.catch((error) => {
        if (!signal.aborted) throw error;
      }),
    );
  }

  async #retitle(ctx: Context, input: TurnInput, result: TurnResult): Promise<void> {
    if (!needsTitle(input, result)) return;
    const title = await load.whenIdle(() => suggestTitle(ctx, input, result));
    if (title) await this.#found.title(title);
  }
}
