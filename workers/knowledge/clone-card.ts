import { sql } from "drizzle-orm";
import { cloneSubject, whenCloneChanges } from "../clones/clone-changes.ts";
import { type ClonePriceRow, selectClonePrice } from "../clones/price-queries.ts";
import { type CloneRow, selectAnyClone } from "../clones/queries.ts";
import { stillHolds } from "../platform/changes/changes.ts";
import type { Relied } from "../platform/changes/changes-object.ts";
import { type Known, Remembered } from "../platform/changes/remembered.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type SearchConfig, searchConfigFrom } from "./pipeline-config.ts";
import { filenamesIn, selectEmbedders, selectPipeline } from "./queries.ts";
import { selectNamesFor } from "./search-knowledge.ts";
import type { Asker } from "./viewer.ts";

/** All that a turn needs of a clone. Whoever asks must still be let in to it: `requireTalkable`. Shared by all turns: not to be changed. */
export interface CloneCard {
  /** Null where it is deleted, or its workspace is closed or suspended. */
  clone: CloneRow | null;
  /** How it searches. */
  pipeline: SearchConfig;
  /** What it costs; null where it has no price. */
  price: ClonePriceRow | null;
  /** The names, by id, of documents that whoever asks may be answered from: those that a search starts from. */
  names: Map<string, string>;
}

type LivingCard = CloneCard & { clone: CloneRow };

const subjectsOf = ({ clone }: LivingCard) => [cloneSubject(clone.id), `workspace:${clone.workspaceId}`];
/** Each may hold some hundred names. */
const cards = new Remembered<LivingCard>(subjectsOf, 500);
/** Counts changes of clones in this process: what began to be read before one may not be remembered. */
let changes = 0;
whenCloneChanges((cloneId) => {
  changes += 1;
  cards.forget(({ clone }) => clone.id === cloneId);
});

const keyOf = (cloneId: string, asker: Asker) =>
  asker.kind === "user" ? `${cloneId} ${asker.workspaceId} ${asker.userId}` : cloneId;

/**
 * What is known of a clone for who asks. Where it is remembered, no other call is made: unless it is fresh, ask `stillHolds` by its `relied`,
 * beside what else is done, and then call `cardHeld`, or `forgetCard` and this again. Otherwise it is read in one batch. A clone that is not
 * there is not remembered, as nobody tells of its return.
 */
export async function readCard(
  { db, clock }: Pick<Runtime, "db" | "clock">,
  cloneId: string,
  asker: Asker,
): Promise<Known<CloneCard>> {
  const asOf = clock.now();
  const key = keyOf(cloneId, asker);
  const known = cards.get(key, asOf);
  if (known) return known;
  const before = changes;
  const [[clone], [stored], embedders, named, [price = null]] = await db.batch([
    selectAnyClone(db, { id: cloneId }),
    selectPipeline(db, cloneId),
    selectEmbedders(db, cloneId),
    selectNamesFor(db, sql`${cloneId}`, asker),
    selectClonePrice(db, cloneId),
  ]);
  const rest = { pipeline: searchConfigFrom(stored?.config ?? null, embedders), price, names: filenamesIn(named) };
  if (!clone)
    return { value: { clone: null, ...rest }, isFresh: true, relied: { subjects: [cloneSubject(cloneId)], asOf } };
  const value = { clone, ...rest };
  if (before === changes) cards.set(key, value, asOf);
  return { value, isFresh: true, relied: { subjects: subjectsOf(value), asOf } };
}

/** Takes note that what `readCard` gave still held at `now` (ms), when it was asked. */
export function cardHeld(cloneId: string, asker: Asker, relied: Relied, now: number): void {
  cards.held(keyOf(cloneId, asker), relied, now);
}

/** Forgets a card that was found not to hold; what was read since stays. */
export function forgetCard(card: CloneCard): void {
  cards.forget((value) => value === card);
}

/** What holds of a clone for who asks, for callers that have nothing to do while it is made sure. */
export async function confirmedCard(
  runtime: Pick<Runtime, "env" | "db" | "clock" | "log">,
  cloneId: string,
  asker: Asker,
): Promise<CloneCard> {
  const { value, isFresh, relied } = await readCard(runtime, cloneId, asker);
  if (isFresh) return value;
  const now = runtime.clock.now();
  if (await stillHolds(runtime, [relied])) {
    cardHeld(cloneId, asker, relied, now);
    return value;
  }
  forgetCard(value);
  return (await readCard(runtime, cloneId, asker)).value;
}
