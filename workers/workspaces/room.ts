import type { Room } from "../platform/rooms/room.ts";
import { erasure } from "./personal-data/erasure.ts";
import { takeout } from "./personal-data/takeout.ts";
import { sweepLinks } from "./sso/links.ts";
import { ssoSecretColumn } from "./sso/queries.ts";

/** What workspaces do by themselves. */
export const workspaces = {
  cron: { links: sweepLinks },
  secrets: [ssoSecretColumn],
  personalData: { ...takeout, erasure },
} satisfies Room;
