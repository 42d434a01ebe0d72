import { DurableObject } from "cloudflare:workers";
import { batch } from "../db/batch.ts";
import { createRuntime } from "../platform/runtime.ts";
import type { Projection } from "./projection/projection.ts";
import { projectionStatements } from "./projection/projection-queries.ts";

/** D1 has one writer, which all share: so far apart begin two batches, in ms, however many conversations have something for it. */
const every = 250;
/** The lag is told of so many of the last that were written. */
const lagsKept = 1_000;
/** So many rows are written at a time, of so many characters each. */
const [mostRows, charactersOfRow] = [100, 10_000];

interface Handed {
  projection: Projection;
  /** How much it is: see `rowsOf`. */
  rows: number;
  done: () => void;
  failed: (error: unknown) => void;
}

/** How much a projection is, in rows: what is long counts as many. */
const rowsOf = ({ messages, citations, removed, usage, events }: Projection) =>
  messages.reduce((sum, { content }) => sum + 1 + content.length / charactersOfRow, 1) +
  citations.length +
  removed.length +
  usage.length +
  events.length;

/**
 * Writes what conversations hand over into D1, of many conversations in a batch. It keeps nothing: who hands something over keeps it until it is
 * written, and hands it over again where it was not.
 */
export class ProjectionObject extends DurableObject<Env> {
  #waiting: Handed[] = [];
  /** How often something has been handed over, and how many of those, which are written in their order, are behind us. */
  #handed = 0;
  #through = 0;
  #writing: Promise<void> | null = null;
  #nextAt = 0;
  #hurry: (() => void) | null = null;
  /** By how much D1 lay behind what was written last, in ms. */
  readonly #lags: number[] = [];

  /** Resolves when D1 has it; throws where it could not be written, for whatever part of it. */
  async project(projection: Projection): Promise<void> {
    // Here, where it fails for whoever hands over what is none, and for nobody else.
    const rows = rowsOf(projection);
    const written = new Promise<void>((done, failed) => {
      this.#waiting.push({ projection, rows, done, failed });
      this.#handed++;
    });
    this.#write();
    await written;
  }

  /** Resolves when D1 has all that has been handed over so far, or could not take it, without waiting for more to come. */
  async caughtUp(): Promise<void> {
    const through = this.#handed;
    while (this.#through < through) {
      this.#hurry?.();
      await this.#writing;
    }
  }

  /** How many conversations wait, and by how much D1 lay behind what it was told last: the median and the 99th percentile, in ms. */
  async lag(): Promise<{ waiting: number; p50: number; p99: number }> {
    const sorted = this.#lags.toSorted((a, b) => a - b);
    const below = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
    return { waiting: this.#waiting.length, p50: below(0.5), p99: below(0.99) };
  }

  #write(): void {
    this.#writing ??= this.#writeGroup().finally(() => {
      this.#writing = null;
      if (this.#waiting.length > 0) this.#write();
    });
  }

  /** Waits for more to come, where something was written a moment ago, and writes a group. */
  async #writeGroup(): Promise<void> {
    const wait = this.#nextAt - Date.now();
    if (wait > 0 && this.#rowsWaiting() < mostRows) await this.#orHurried(wait);
    this.#nextAt = Date.now() + every;
    const group: Handed[] = [];
    for (let rows = 0; rows < mostRows; ) {
      const next = this.#waiting.shift();
      if (!next) break;
      group.push(next);
      rows += next.rows;
    }
    await this.#store(group).catch((error) => this.#storeEach(group, error));
    this.#through += group.length;
  }

  #rowsWaiting(): number {
    return this.#waiting.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Resolves after `ms`, or as soon as somebody waits for what is here. */
  async #orHurried(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#hurry = resolve;
    await promise;
    clearTimeout(timer);
    this.#hurry = null;
  }

  async #store(group: Handed[]): Promise<void> {
    const runtime = createRuntime(this.env, { object: "projection" });
    await batch(
      runtime.db,
      await projectionStatements(
        runtime,
        group.map(({ projection }) => projection),
      ),
    );
    const now = Date.now();
    for (const { projection, done } of group) {
      this.#lags.push(now - projection.since);
      done();
    }
    this.#lags.splice(0, this.#lags.length - lagsKept);
  }

  /** Where a group fails, each by itself: one that cannot be written must not keep the others. */
  async #storeEach(group: Handed[], error: unknown): Promise<void> {
    if (group.length === 1) return group[0]?.failed(error);
    for (const one of group) await this.#store([one]).catch(one.failed);
  }
}
