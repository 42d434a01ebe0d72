import type { Room } from "../platform/rooms/room.ts";
import { applyRetention } from "./apply-retention.ts";
import { continueErasures } from "./continue-erasures.ts";

/** What personal data take by themselves. */
export const personalData: Room = {
  // What an erasure removes, it lists: it comes before all else that removes.
  cron: { erasures: continueErasures, retention: applyRetention },
};
