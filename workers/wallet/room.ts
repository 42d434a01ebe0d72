import type { Room } from "../platform/rooms/room.ts";
import { personalData } from "./personal-data.ts";
import { reconcile } from "./reconcile.ts";

/** What wallets do without being asked. */
export const wallet = { personalData, cron: { reconcile } } satisfies Room;
