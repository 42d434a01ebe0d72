import type { Context } from "../../workspaces/context.ts";
import { foldHistory } from "../answer/fold-history.ts";
import type { TurnResult } from "../answer/turn-result.ts";
import { suggestTitle } from "../conversations/suggest-title.ts";
import type { TurnRunner } from "./turn-runner.ts";

/** What the model does for a conversation while nobody waits for it: the next question's first token comes first. */
export class Afterwards {
  #folding = new AbortController();

  /** A question has come: the model is its. */
  makeWay(): void {
    this.#folding.abort();
  }

  /** Begins, after a whole answer; only what is short where others are still `writing`. */
  begin(ctx: Context, { input, before }: TurnRunner, result: TurnResult, { writing }: { writing: boolean }): void {
    ctx.defer(suggestTitle(ctx, input, result));
    if (writing || !before) return;
    this.#folding.abort();
    this.#folding = new AbortController();
    const { signal } = this.#folding;
    ctx.defer(
      foldHistory(ctx, input, result, before, signal).catch((error) => {
        if (!signal.aborted) throw error;
      }),
    );
  }
}
