import { type CloneCard, cardHeld, forgetCard, readCard } from "../../knowledge/clone-card.ts";
import { stillHolds } from "../../platform/changes/changes.ts";
import type { Known } from "../../platform/changes/remembered.ts";
import { notFound, Problem } from "../../platform/errors.ts";
import { load, overloaded } from "../../platform/limits/overload.ts";
import type { Context } from "../../workspaces/context.ts";
import type { Reader } from "../../workspaces/standing.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import { turnInProgress } from "../conversations/turn-in-progress.ts";
import { isTakenElsewhere } from "../queries.ts";
import type { Asked, AskedBy } from "./asked.ts";
import { prepareTurns } from "./prepare-turns.ts";
import { replayStored } from "./replay-stored.ts";
import type { TurnHost } from "./turn-host.ts";

/** How many questions may wait behind a running answer. */
const mayWait = 10;

/** A turn that runs, or ran, and the stream of its events from the beginning; of those side by side, the first, and the stream of all. */
export interface Turn {
  turnId: string;
  questionId: string;
  messageId: string;
  compareGroup: string | null;
  stream: ReadableStream<Uint8Array>;
}

const idTaken = () =>
  new Problem("conflict", "This message id was used before for something else. Use a new one for each message.");

const queueFull = () =>
  new Problem("turn_in_progress", "Ten questions wait in this conversation already. Send this one a little later.", {
    retryAfterSeconds: 10,
  });

/** What a conversation is asked: one thing after another, so that nothing changes between its being looked at and its being stored. */
export class Asking {
  readonly #host: TurnHost;
  #last: Promise<unknown> = Promise.resolve();

  constructor(host: TurnHost) {
    this.#host = host;
  }

  /**
   * Starts the turn, or several that answer one question side by side, or finds those that the same question started. Null where what was believed of
   * the asker, or of the clone, holds no more: it has to be asked again by what is true now. Throws what `prepareTurns` does, `turn_in_progress`, and
   * `conflict` where the question's id was used for something else.
   */
  ask(ctx: Context, by: AskedBy, asked: Asked): Promise<Turn | null> {
    const turn = this.#last.then(() => this.#known(by, asked) ?? this.#start(ctx, by, asked));
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Resolves when all that was asked so far has started, or was refused. */
  async idle(): Promise<void> {
    await this.#last;
  }

  /** The turn that the same message started before. */
  #known({ reader }: AskedBy, asked: Asked): Turn | null {
    if (asked.kind !== "question" || asked.id === undefined) return null;
    const { id, content } = asked;
    const isCompared = asked.models !== null;
    const requireSame = (known: { content: string; isCompared: boolean }) => {
      if (known.content !== content || known.isCompared !== isCompared) throw idTaken();
    };
    const [waiting] = this.#host.log.turnsOfQuestion(id);
    if (waiting) {
      requireSame({ content: waiting.input.question.content, isCompared: waiting.input.compareGroup !== null });
      return this.#attach(waiting.input, reader);
    }
    const question = this.#host.store.message(id);
    if (!question) return null;
    const replayed = replayStored(this.#host.store, id);
    if (!replayed) throw idTaken();
    requireSame({ content: question.content, isCompared: replayed.compareGroup !== null });
    return { questionId: id, ...replayed };
  }

  async #start(ctx: Context, by: AskedBy, asked: Asked): Promise<Turn | null> {
    const { store, log } = this.#host;
    const unfinished = log.unfinished();
    const mayQueue = asked.kind === "question" && asked.mayQueue;
    const waiting = unfinished.filter(({ state }) => state === "queued").length;
    if (unfinished.length > 0 && !(mayQueue && waiting < mayWait)) throw mayQueue ? queueFull() : turnInProgress();
    if (load.isOverfull) throw overloaded();
    const { cloneId } = store.conversation;
    const card = cloneId === null ? null : await readCard(ctx, cloneId, by.actor);
    const relied = [...by.relied, ...(card && !card.isFresh ? [card.relied] : [])];
    const inputs = await prepareTurns({ ctx, store, card: card?.value ?? null }, by, asked).catch(async (error) => {
      // What refuses somebody is never what is remembered alone.
      if (await stillHolds(ctx, relied)) throw error;
      return null;
    });
    if (!inputs) return this.#outdated(card);
    const runners = inputs.map((input) => this.#host.prepare(input, card?.value.names ?? null));
    if (unfinished.length === 0 && !load.hasToWait(ctx.clock.now()))
      for (const runner of runners) runner.searchAhead(ctx);
    const [holds, isTaken] = await Promise.all([
      stillHolds(ctx, relied),
      asked.kind === "question" && asked.id !== undefined && isTakenElsewhere(ctx.db, asked.id, store.conversation.id),
    ]);
    if (!holds) return this.#outdated(card);
    if (cloneId !== null && card) cardHeld(cloneId, by.actor, card.relied, ctx.clock.now());
    if (isTaken) throw idTaken();
    const [{ question }] = inputs;
    if (question.parentId !== null && !store.message(question.parentId)) throw notFound("message");
    // What ran a moment ago may have come to its end, and its place be free.
    if (unfinished.length > 0 || load.hasToWait(ctx.clock.now())) await this.#host.queue(inputs);
    else await this.#host.start(runners);
    return this.#attach(inputs[0], by.reader);
  }

  #outdated(card: Known<CloneCard> | null): null {
    if (card) forgetCard(card.value);
    return null;
  }

  #attach(input: TurnInput, reader: Reader): Turn {
    const { turnId, messageId, compareGroup, question } = input;
    const stream = this.#host.audience.listeners.attach(this.#host.log.streamOf(input), 0, reader);
    return { turnId, questionId: question.id, messageId, compareGroup, stream };
  }
}
