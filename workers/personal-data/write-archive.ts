import { listClones } from "../clones/personal-data-queries.ts";
import { presentClone } from "../clones/present.ts";
import type { Database } from "../db/client.ts";
import { Problem } from "../platform/errors.ts";
import { jsonFile } from "../platform/rooms/archive-file.ts";
import type { Seen } from "../platform/rooms/personal-data.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type ZipEntry, zipLimits } from "../platform/zip-stream.ts";
import { doors } from "./doors.ts";

const contents = doors.flatMap(({ contents = [] }) => contents);

/** Resolves when all that was done before is there to be taken out: before the log tells that it was. */
export async function allCaughtUp(runtime: Runtime): Promise<void> {
  for (const { caughtUp } of doors) await caughtUp?.(runtime);
}

/** Refuses what does not fit into one archive. Throws `payload_too_large`. */
export async function requireFits(db: Database, seen: Seen): Promise<void> {
  const sizes = await Promise.all(contents.flatMap(({ measure }) => measure?.(db, seen) ?? []));
  const total = (what: "files" | "bytes") => sizes.reduce((sum, size) => sum + size[what], 0);
  if (total("files") <= zipLimits.files && total("bytes") <= zipLimits.bytes) return;
  const detail = "The documents do not fit into one archive of 3.5 GB and 60,000 files. Download some one by one.";
  throw new Problem("payload_too_large", detail);
}

/** Files that rooms write together: what each puts into them, in its order. */
export async function* writtenTogether(
  runtime: Runtime,
  fields: (Record<string, object> | Promise<Record<string, object>> | undefined)[],
): AsyncGenerator<ZipEntry> {
  const files = new Map<string, object>();
  for (const given of await Promise.all(fields))
    for (const [name, own] of Object.entries(given ?? {})) files.set(name, { ...files.get(name), ...own });
  for (const [name, value] of files) yield jsonFile(runtime, name, value);
}

async function clonesOf({ db }: Runtime, seen: Seen) {
  const [clones, ...told] = await Promise.all([
    listClones(db, seen.workspaceId),
    ...contents.flatMap(({ ofClones }) => ofClones?.(db, seen) ?? []),
  ]);
  return clones.map((clone) => Object.assign(presentClone(clone, 0), ...told.map((of) => of(clone.id))) as object);
}

/** What is seen in a workspace: the files of all rooms, and its clones. */
export async function* contentsOf(runtime: Runtime, seen: Seen): AsyncGenerator<ZipEntry> {
  for (const { files } of contents) if (files) yield* files(runtime, seen);
  yield jsonFile(runtime, "clones.json", await clonesOf(runtime, seen));
}
