import { batch } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { newId } from "../platform/ids.ts";
import type { Erased } from "../platform/rooms/personal-data.ts";
import type { Runtime } from "../platform/runtime.ts";
import { isAnyLeft, listClosed } from "../workspaces/queries.ts";
import { adoptClosed } from "./closing-queries.ts";
import { erasureDoors } from "./doors.ts";
import {
  allListedWorkspaces,
  type ErasureRow,
  erasedBy,
  itemsLeft,
  listHeld,
  listItems,
  listUnfinished,
  noteEmptied,
  noteEnd,
  noteStep,
  removeOfPerson,
  removeOfWorkspaces,
  workspacesOfErasure,
} from "./erasure-queries.ts";
import { signReceipt } from "./erasure-record.ts";

/** How many items one run of the cron empties of each kind, so that it stays within what one call may do. */
const atOnce = 100;
/** Milliseconds after which nothing that began before the closing still writes: the longest that a queue's call may take. */
const settled = 15 * 60_000;

interface Work {
  runtime: Runtime;
  db: Database;
  erasure: ErasureRow;
  of: Erased;
}

/** Does some of a step; true when nothing of it is left. Each may be repeated, after a crash at any place. */
type Act = (work: Work) => Promise<boolean>;

const removals = erasureDoors
  .flatMap(({ remove = [] }) => remove)
  .map(({ step, some }) => ({ name: step, act: (({ runtime, of }) => some(runtime, of)) satisfies Act }));

async function objects({ runtime, db, erasure: { id } }: Work): Promise<boolean> {
  let isEmpty = true;
  for (const { kind, one } of erasureDoors.flatMap(({ empty = [] }) => empty)) {
    const ids = await itemsLeft(db, id, kind, atOnce);
    for (const item of ids) await one(runtime, item);
    await noteEmptied(db, id, { kind, ids, now: runtime.clock.now() });
    if (ids.length === atOnce) isEmpty = false;
  }
  return isEmpty;
}

async function files({ runtime, db, erasure }: Work): Promise<boolean> {
  for (const id of await workspacesOfErasure(db, erasure.id))
    for (const { emptyWorkspace } of erasureDoors) await emptyWorkspace?.(runtime, id);
  return true;
}

/** What was made while it was being closed is found here, and goes as the rest did. */
async function records(work: Work): Promise<boolean> {
  for (const { act } of [...removals, { act: objects }]) if (!(await act(work))) return false;
  await removeOfWorkspaces(work.db, work.of);
  return !(await isAnyLeft(work.db, work.of.listed("workspace")));
}

/** A workspace goes without whoever owned it. */
async function account({ db, of }: Work): Promise<boolean> {
  if (of.userId !== null) await removeOfPerson(db, of.userId);
  return true;
}

const steps: { name: string; act: Act; waits?: boolean }[] = [
  ...removals,
  { name: "objects", act: objects, waits: true },
  { name: "files", act: files },
  { name: "records", act: records },
  { name: "account", act: account },
];

async function continueErasure(work: Work): Promise<void> {
  const { runtime, db, erasure } = work;
  const now = runtime.clock.now();
  const next = steps.findIndex(({ name }) => name === erasure.step) + 1;
  for (const { name, act, waits } of steps.slice(next)) {
    if (waits && now - erasure.requestedAt < settled) return;
    // Before it goes, it is on the list.
    await batch(db, listHeld(db, erasure));
    if (!(await act(work))) return;
    await noteStep(db, erasure.id, name);
  }
  const receipt = await signReceipt(runtime.config, erasure.id, await listItems(db, erasure.id), now);
  await noteEnd(db, erasure.id, { finishedAt: now, receipt });
  runtime.log.info("erasure_finished", { erasure_id: erasure.id });
}

/** Goes on with every account and workspace that is being erased, from the step that was done last. Repeated by the cron until each is at its end. */
export async function continueErasures(runtime: Runtime): Promise<void> {
  const { db } = runtime;
  for (const closed of await listClosed(db, allListedWorkspaces, 20))
    await adoptClosed(db, { id: newId("erasure"), ...closed }, runtime.clock.now());
  for (const erasure of await listUnfinished(db, 20)) {
    try {
      await continueErasure({ runtime, db, erasure, of: erasedBy(erasure) });
    } catch (error) {
      // The others must not wait for it; the next run tries again.
      runtime.log.error("erasure_interrupted", error, { erasure_id: erasure.id, after: erasure.step });
    }
  }
}
