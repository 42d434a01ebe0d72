import type { PersonalData } from "../../platform/rooms/personal-data.ts";
import { endKeys, keysHeld, removeKeys, removePerson, sessionsHeld, shutOut } from "./queries.ts";

/** How an account goes, and a workspace's keys. */
export const erasure: PersonalData["erasure"] = {
  held: (of) => [
    { kind: "key", rows: keysHeld(of) },
    ...(of.userId === null ? [] : [{ kind: "session" as const, rows: sessionsHeld(of.userId) }]),
  ],
  close: (db, of, now) => [
    endKeys(db, of, now),
    ...(of.userId === null ? [] : shutOut(db, of.userId, of.isNoted, now)),
  ],
  workspaces: { remove: (db, of, isFree) => [removeKeys(db, of, isFree)] },
  person: { remove: removePerson },
};
