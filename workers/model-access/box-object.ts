import { DurableObject } from "cloudflare:workers";
import type { Connection } from "../models/ports/connection.ts";
import { knownProviders } from "../models/provider-list.ts";
import { createRuntime } from "../platform/runtime.ts";
import { budgets, type Line, nextToStart, placeOf, type Room, type Waiting } from "./box/line-policy.ts";

/** Who wants to be let in to a box. */
export type BoxAsk = Omit<Waiting, "since">;

/** What whoever stands in a box's line is told. */
export type BoxWord =
  /** Where they stand. */
  | { kind: "place"; position: number; expectedWaitMs: number }
  /** It is their turn, for as long as they listen. */
  | { kind: "go" }
  /** They have waited for as long as they may. */
  | { kind: "over" }
  /** The box does not answer. */
  | { kind: "down" }
  /** That somebody is there: who does not listen any more is noticed by it. */
  | { kind: "alive" };

/** Who stands in line, or is at the box: told by a writer of lines. */
interface Visitor {
  job: Waiting;
  isIn: boolean;
  tell(word: BoxWord): void;
  end(): void;
  told: number;
}

/** How often a box is asked whether it is there while anybody wants something of it, in ms, and how long it may take to say so. */
const lookEvery = 3_000;
const answerWithin = 3_000;
/** What a call is taken to take before any has, in ms; and how much each one counts from then on. */
const [guessedMs, weight] = [10_000, 0.2];

const encoder = new TextEncoder();

/**
 * One box's line: a graphics card does one thing at a time, and whoever wants something of it stands here. It keeps nothing: who stands in line comes again where it dies.
 */
export class BoxObject extends DurableObject<Env> {
  readonly #visitors = new Map<string, Visitor>();
  readonly #served = new Map<string | null, number>();
  readonly #took = new Map<string, number>();
  #warm: string[] = [];
  #room: Room = { parallel: 1, models: 1 };
  #connection: Connection | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Makes room, or gives a place in line back. */
  leave(id: string): void {
    this.#visitors.get(id)?.end();
    this.#left(id);
  }

  /** Stands in line. A stream of lines of `BoxWord`; whoever dies is missed within seconds, as it is not read any more. */
  enter(ask: BoxAsk, room: Room, connection: Connection): ReadableStream<Uint8Array> {
    this.#room = room;
    this.#connection = connection;
    const { id } = ask;
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const visitor: Visitor = {
      job: { ...ask, since: Date.now() },
      isIn: false,
      tell: (word) => void writer.write(encoder.encode(`${JSON.stringify(word)}\n`)).catch(() => this.#left(id)),
      end: () => void writer.close().catch(() => {}),
      told: 0,
    };
    this.#visitors.set(id, visitor);
    writer.closed.catch(() => this.#left(id));
    this.#timer ??= setInterval(() => this.ctx.waitUntil(this.#look()), lookEvery);
    this.#admit();
    return readable;
  }

  /** How many are at the box, and in line. */
  standing(): { working: number; waiting: number } {
    const { running, waiting } = this.#line;
    return { working: running.length, waiting: waiting.length };
  }

  get #line(): Line {
    const all = [...this.#visitors.values()];
    return {
      waiting: all.filter(({ isIn }) => !isIn).map(({ job }) => job),
      running: all.filter(({ isIn }) => isIn).map(({ job }) => job),
      warm: this.#warm,
      served: this.#served,
    };
  }

  /** Lets in whoever may start, and tells the others where they stand. */
  #admit(): void {
    for (;;) {
      const now = Date.now();
      const next = nextToStart(this.#line, this.#room, now);
      const visitor = next && this.#visitors.get(next.id);
      if (!visitor) break;
      visitor.isIn = true;
      visitor.job = { ...visitor.job, since: now };
      const { model, cloneId } = visitor.job;
      this.#served.set(cloneId, now);
      this.#warm = [model, ...this.#warm.filter((each) => each !== model)].slice(0, this.#room.models);
      visitor.tell({ kind: "go" });
    }
    this.#tellPlaces();
  }

  #tellPlaces(): void {
    const now = Date.now();
    const line = this.#line;
    for (const { id } of line.waiting) {
      const visitor = this.#visitors.get(id);
      const place = placeOf(line, id, this.#room, (model) => this.#took.get(model) ?? guessedMs, now);
      if (!visitor || visitor.told === place.position) continue;
      visitor.told = place.position;
      visitor.tell({ kind: "place", ...place });
    }
  }

  #left(id: string): void {
    const visitor = this.#visitors.get(id);
    if (!visitor) return;
    this.#visitors.delete(id);
    const { isIn, job } = visitor;
    if (isIn) {
      const took = Date.now() - job.since;
      const before = this.#took.get(job.model) ?? took;
      this.#took.set(job.model, before + (took - before) * weight);
    }
    if (this.#visitors.size > 0) this.#admit();
    else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #dismiss(visitor: Visitor, word: BoxWord): void {
    visitor.tell(word);
    visitor.end();
    this.#left(visitor.job.id);
  }

  /** Sees to it that nobody stands here in vain: whoever has waited too long is told, and all are where the box is gone. */
  async #look(): Promise<void> {
    const now = Date.now();
    for (const visitor of [...this.#visitors.values()]) {
      const { isIn, job } = visitor;
      if (!isIn && now - job.since > budgets[job.urgency]) this.#dismiss(visitor, { kind: "over" });
      else visitor.tell({ kind: "alive" });
    }
    if (this.#visitors.size === 0 || (await this.#answers()) || (await this.#answers())) return this.#admit();
    for (const visitor of [...this.#visitors.values()]) this.#dismiss(visitor, { kind: "down" });
  }

  async #answers(): Promise<boolean> {
    const connection = this.#connection;
    const provider = knownProviders.find(({ name }) => name === connection?.provider);
    if (!connection || !provider?.answers) return true;
    try {
      await provider.answers(connection, this.env, AbortSignal.timeout(answerWithin));
      return true;
    } catch (error) {
      createRuntime(this.env).log.info("box_does_not_answer", { reason: String(error) });
      return false;
    }
  }
}
