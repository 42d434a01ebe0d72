import type { SQL } from "drizzle-orm";
import type { Statement } from "../../db/batch.ts";
import type { Database } from "../../db/client.ts";
import type { ErasedKind } from "../../db/erased-kinds.ts";
import type { Runtime } from "../runtime.ts";
import type { ZipEntry } from "../zip-stream.ts";

/** Whoever takes out what is theirs, and the session in which they do. */
export interface Taker {
  userId: string;
  sessionId: string;
  /** The workspaces that let them in. */
  workspaces: { id: string; name: string; kind: string; role: string }[];
  /** Their own workspace, of which others are nothing; null where it does not let them in. */
  home: string | null;
}

/** A workspace, and who sees what is in it: null for all that there is, also what only one of its members sees. */
export interface Seen {
  workspaceId: string;
  userId: string | null;
}

/** What a room puts into an archive. */
interface Takeout<Whose> {
  /** Its fields of files that several rooms write together, by the files' names. */
  fields?(runtime: Runtime, whose: Whose): Promise<Record<string, object>>;
  /** Its own files. */
  files?(runtime: Runtime, whose: Whose): AsyncIterable<ZipEntry>;
}

/** What a room has in a workspace that goes into a person's archive as well as into the workspace's. */
interface Contents {
  /** How much of an archive its files take. */
  measure?(db: Database, seen: Seen): Promise<{ files: number; bytes: number }>;
  files?(runtime: Runtime, seen: Seen): AsyncIterable<ZipEntry>;
  /** Its fields of clones, by their ids. */
  ofClones?(db: Database, seen: Seen): Promise<(cloneId: string) => object>;
}

/** An account or a workspace that is being erased. */
export interface Erased {
  /** The person whose account goes; null where it is one workspace that does. */
  userId: string | null;
  /** The ids of what is on the erasure's list, for an IN. */
  listed(kind: ErasedKind): SQL;
  /** Whether the erasure is noted; the batch that closes may note none, and must close nothing then. */
  isNoted: SQL;
}

/** What goes in the end, in one batch of all rooms. */
export interface LastRows<Whose> {
  /** Whether there is something that has to go before. */
  isLeft?(of: Whose): SQL;
  /** The statements; `isFree` tells whether nothing is left of any room. */
  remove?(db: Database, of: Whose, isFree: SQL): Statement[];
}

/**
 * What a room does in an erasure. Whatever is called for may be repeated, after a crash at any place. Higher rooms go before those that
 * they build on.
 */
interface Erasure {
  /** What there is of a kind, as a SELECT of its `id`: it is on the list before it goes. */
  held?(of: Erased): { kind: ErasedKind; rows: SQL }[];
  /** What lets nobody in any more, in the batch that notes the erasure. */
  close?(db: Database, of: Erased, now: number): Statement[];
  /** Removes some of what is more than rows; true when nothing of it is left. `step` is stored once it is done. */
  remove?: { step: string; some(runtime: Runtime, of: Erased): Promise<boolean> };
  /** Removes what an item of the list may have left outside of the database, once nothing that began before the closing still writes. */
  empty?: { kind: ErasedKind; one(runtime: Runtime, id: string): Promise<void> };
  /** Removes what is a workspace's outside of the database, also what no row tells of, by then. */
  emptyWorkspace?(runtime: Runtime, workspaceId: string): Promise<void>;
  /** What it has of the workspaces that go. */
  workspaces?: LastRows<Erased>;
  /** What it has of the person, by their id, after that. */
  person?: LastRows<string>;
}

/** What a room has of people and workspaces: what they take out of it, and how it goes. */
export interface PersonalData {
  /** Resolves when the database has what was done so far, where that follows a little later: before anything is taken out. */
  caughtUp?(runtime: Runtime): Promise<void>;
  ofPerson?: Takeout<Taker>;
  /** Of a workspace by its id, with everybody's in it. */
  ofWorkspace?: Takeout<string>;
  contents?: Contents;
  erasure?: Erasure;
}
