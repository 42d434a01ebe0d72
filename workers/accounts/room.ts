import type { Room } from "../platform/rooms/room.ts";
import { sweepAccounts } from "./sweep.ts";
import { twoFactorColumn } from "./two-factor-queries.ts";

/** What accounts do by themselves. */
export const accounts = {
  cron: { expired: sweepAccounts },
  secrets: [twoFactorColumn],
} satisfies Room;
