/** Who waits: a person for an answer, what people do not wait for, or many things at once that nobody looks at. */
export type Urgency = "person" | "background" | "batch";

interface Job {
  id: string;
  model: string;
  /** The clone that it is for; what is for none counts as one. */
  cloneId: string | null;
  /** ms since the epoch: since when it waits, or runs. */
  since: number;
}

export interface Waiting extends Job {
  urgency: Urgency;
}

/** How many a box does at once. */
export interface Room {
  /** Of one model. */
  parallel: number;
  /** Models that fit beside each other. */
  models: number;
}

/** One box's line at a moment. */
export interface Line {
  waiting: readonly Waiting[];
  running: readonly Job[];
  /** The models that are loaded, as far as is known: those that ran last. */
  warm: readonly string[];
  /** When a clone was last served, by its id. */
  served: ReadonlyMap<string | null, number>;
}

const levels: Record<Urgency, number> = { person: 0, background: 1, batch: 2 };
/** Who has waited so long counts as one level more urgent, and again after as long, in ms: nobody waits for ever. */
const ageingMs = 60_000;
/** Changing the model costs a box 5 to 7 seconds: who needs another one lets those of the loaded one in first, for so long. */
const swapPatienceMs = 15_000;
/** How long each may wait, in ms. */
export const budgets: Record<Urgency, number> = { person: 60_000, background: 600_000, batch: 1_800_000 };

/** Those who wait, in the order in which they are to be served. */
export function inOrder({ waiting, running, warm, served }: Line, now: number): Waiting[] {
  const isRunning = (model: string) => running.some((job) => job.model === model);
  const keys = new Map(
    waiting.map((job) => {
      const waited = now - job.since;
      const isCold = !isRunning(job.model) && !warm.includes(job.model) && waited < swapPatienceMs;
      const ofClone = running.filter(({ cloneId }) => cloneId === job.cloneId).length;
      const level = levels[job.urgency] - Math.floor(waited / ageingMs);
      return [job.id, [level, Number(isCold), ofClone, served.get(job.cloneId) ?? 0, job.since]];
    }),
  );
  return waiting.toSorted((one, other) => {
    const [a = [], b = []] = [keys.get(one.id), keys.get(other.id)];
    const at = a.findIndex((value, i) => value !== b[i]);
    return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
  });
}

/** Who starts next; null where nobody may. Who is next and waits for another model to make room lets nobody pass: else it would wait as long as others come. */
export function nextToStart(line: Line, room: Room, now: number): Waiting | null {
  const models = new Set(line.running.map(({ model }) => model));
  for (const job of inOrder(line, now)) {
    const isThere = models.has(job.model);
    if (!isThere && models.size >= room.models) return null;
    if (line.running.filter(({ model }) => model === job.model).length < room.parallel) return job;
  }
  return null;
}

/** Where one stands, 1 being next, and how long that will take by what calls of each model took lately, in ms. */
export function placeOf(line: Line, id: string, room: Room, tookMs: (model: string) => number, now: number) {
  const ordered = inOrder(line, now);
  const at = ordered.findIndex((job) => job.id === id);
  const left = line.running.map(({ model, since }) => Math.max(0, tookMs(model) - (now - since)));
  const before = ordered.slice(0, at).map(({ model }) => tookMs(model));
  const sum = [...left, ...before].reduce((total, ms) => total + ms, 0);
  return { position: at + 1, expectedWaitMs: Math.round(sum / Math.max(1, room.parallel)) };
}
