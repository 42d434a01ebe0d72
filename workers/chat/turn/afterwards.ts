import { load } from "../../platform/limits/overload.ts";
import type { Context } from "../../workspaces/context.ts";
import { foldHistory } from "../answer/fold-history.ts";
import type { Summary } from "../answer/summary.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import type { TurnResult } from "../answer/turn-result.ts";
import { needsTitle, suggestTitle } from "../conversations/suggest-title.ts";
import type { ConversationStore } from "../store/conversation-store.ts";
import type { TurnRunner } from "./turn-runner.ts";

/** What the model does for a conversation while nobody waits for it: questions come first, here and wherever this process answers. */
export class Afterwards {
  readonly #store: ConversationStore;
  readonly #retitled: (title: string) => Promise<void>;
  #folding = new AbortController();

  constructor(store: ConversationStore, retitled: (title: string) => Promise<void>) {
    this.#store = store;
    this.#retitled = retitled;
  }

  /** A question has come: the model is its. */
  makeWay(): void {
    this.#folding.abort();
  }

  /** Begins, after a whole answer; only what is short where others are still `writing`. */
  begin(outer: Context, runner: TurnRunner, result: TurnResult, { writing }: { writing: boolean }): void {
    const { input, before, trace } = runner;
    const ctx = trace.within(outer);
    const tell = () => {
      trace.send(ctx);
      this.#store.keepTrace(input.messageId, trace.kept());
    };
    ctx.defer(this.#retitle(ctx, input, result).finally(tell));
    if (writing) return;
    this.#folding.abort();
    this.#folding = new AbortController();
    const { signal } = this.#folding;
    const keep = (summary: Summary) => {
      this.#store.summary = summary;
    };
    const fold = load.whenIdle(() => foldHistory(ctx, input, result, before, signal, keep), signal);
    ctx.defer(
      fold.finally(tell).catch((error) => {
        if (!signal.aborted) throw error;
      }),
    );
  }

  async #retitle(ctx: Context, input: TurnInput, result: TurnResult): Promise<void> {
    if (!needsTitle(input, result)) return;
    const title = await load.whenIdle(() => suggestTitle(ctx, input, result));
    if (title) await this.#retitled(title);
  }
}
