import type { PersonalData } from "../../platform/rooms/personal-data.ts";
import { hasOwn, leave, membershipsHeld, removeInvitations, removeWorkspaces, shut } from "./queries.ts";

/** How workspaces go, and a person’s place in those of others. */
export const erasure: PersonalData["erasure"] = {
  held: (of) => (of.userId === null ? [] : [{ kind: "membership", rows: membershipsHeld(of.userId, of) }]),
  close: (db, of, now) => [...shut(db, of, now), ...(of.userId === null ? [] : [leave(db, of.userId, of)])],
  workspaces: { remove: (db, of, isFree) => [removeWorkspaces(db, of, isFree)] },
  person: { isLeft: hasOwn, remove: (db, userId) => [removeInvitations(db, userId)] },
};
