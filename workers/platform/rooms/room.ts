import type { Database } from "../../db/client.ts";
import type { Runtime } from "../runtime.ts";
import type { SecretColumn } from "../secrets/secret-box.ts";
import type { PersonalData } from "./personal-data.ts";
import type { QueueHandler } from "./queue.ts";

/** A job of the cron. `atStart`: at a local start, whose queue is empty and beside which nothing else is at work. */
type Sweep = (runtime: Runtime, at: { atStart: boolean }) => Promise<unknown>;

/** What a room does without being asked by a request. `workers/rooms.ts` lists all rooms; whatever walks them is told there. */
export interface Room {
  /** The messages of the queue that are its own. */
  queue?: QueueHandler[];
  /** Its jobs of the cron, by their names in the log. */
  cron?: Record<string, Sweep>;
  /** Its columns that hold secrets. */
  secrets?: ((db: Database) => SecretColumn)[];
  /** What of people and workspaces it gives out, closes and removes. */
  personalData?: PersonalData;
}
