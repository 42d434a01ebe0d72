import type { Room } from "../platform/rooms/room.ts";
import { erasure } from "./personal-data/erasure.ts";
import { takeout } from "./personal-data/takeout.ts";
import { sweepAccounts } from "./sweep.ts";
import { twoFactorColumn } from "./two-factor-queries.ts";

/** What accounts do by themselves. */
export const accounts = {
  cron: { expired: sweepAccounts },
  secrets: [twoFactorColumn],
  personalData: { ...takeout, erasure },
} satisfies Room;
