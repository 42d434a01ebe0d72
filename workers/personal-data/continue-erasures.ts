import { removeForGood } from "../chat/workspace-queries.ts";
import type { Database } from "../db/client.ts";
import { removeWorkspaceFiles } from "../knowledge/document-files.ts";
import { forgetDocument } from "../knowledge/forget-document.ts";
import { purgeClone } from "../knowledge/purge.ts";
import { newId } from "../platform/ids.ts";
import type { Runtime } from "../platform/runtime.ts";
import { adoptClosed, listClosedOnly } from "./closing-queries.ts";
import {
  type ErasureRow,
  listHeld,
  listItems,
  listUnfinished,
  noteEnd,
  noteStep,
  type Step,
} from "./erasure-queries.ts";
import { signReceipt } from "./erasure-record.ts";
import {
  clonesLeft,
  conversationsLeft,
  noteEmptied,
  objectsLeft,
  privateDocumentsLeft,
  removeDocumentRow,
  removePerson,
  removeWorkspaces,
  workspacesOfErasure,
} from "./removal-queries.ts";

/** How much one run of the cron takes of each kind, so that it stays within what one call may do. */
const batch = 100;
/** Milliseconds after which nothing that began before the closing still writes: the longest that a queue's call may take. */
const settled = 15 * 60_000;

interface Work {
  runtime: Runtime;
  db: Database;
  erasure: ErasureRow;
}

/** Does some of a step; true when nothing of it is left. Each may be repeated, after a crash at any place. */
type Act = (work: Work) => Promise<boolean>;

async function conversations({ runtime: { env }, db, erasure }: Work): Promise<boolean> {
  const ids = await conversationsLeft(db, erasure, batch);
  for (const id of ids) await env.CONVERSATION.get(env.CONVERSATION.idFromName(id)).erase();
  await removeForGood(db, ids);
  return ids.length < batch;
}

async function knowledge({ runtime, db, erasure }: Work): Promise<boolean> {
  const clones = await clonesLeft(db, erasure, 20);
  for (const id of clones) await purgeClone(runtime, id);
  const documents = erasure.workspaceId === null ? await privateDocumentsLeft(db, erasure, batch) : [];
  for (const document of documents) {
    // The row says where the rest is; what a step of its reading wrote until it was gone goes after it.
    await forgetDocument(runtime.env, document);
    await removeDocumentRow(db, document.documentId);
    await forgetDocument(runtime.env, document);
  }
  return clones.length < 20 && documents.length < batch;
}

/** An answer that was being written when its conversation went has ended by now: what it left goes too. */
async function objects({ runtime: { env, clock }, db, erasure }: Work): Promise<boolean> {
  const ids = await objectsLeft(db, erasure, batch);
  for (const id of ids) await env.CONVERSATION.get(env.CONVERSATION.idFromName(id)).destroy();
  await noteEmptied(db, erasure.id, ids, clock.now());
  return ids.length < batch;
}

async function files({ runtime: { env }, db, erasure }: Work): Promise<boolean> {
  for (const id of await workspacesOfErasure(db, erasure)) await removeWorkspaceFiles(env.UPLOADS, id);
  return true;
}

/** What was made while it was being closed is found here, and goes as the rest did. */
async function records(work: Work): Promise<boolean> {
  const isEmpty = (await conversations(work)) && (await knowledge(work)) && (await objects(work));
  return isEmpty && removeWorkspaces(work.db, work.erasure);
}

/** A workspace goes without whoever owned it. */
async function account({ db, erasure }: Work): Promise<boolean> {
  if (erasure.workspaceId === null) await removePerson(db, erasure);
  return true;
}

const steps: { name: Step; act: Act; waits?: boolean }[] = [
  { name: "conversations", act: conversations },
  { name: "knowledge", act: knowledge },
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
    await db.batch(listHeld(db, erasure));
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
  for (const closed of await listClosedOnly(db, 20))
    await adoptClosed(db, { id: newId("erasure"), ...closed }, runtime.clock.now());
  for (const erasure of await listUnfinished(db, 20)) {
    try {
      await continueErasure({ runtime, db, erasure });
    } catch (error) {
      // The others must not wait for it; the next run tries again.
      runtime.log.error("erasure_interrupted", error, { erasure_id: erasure.id, after: erasure.step });
    }
  }
}
