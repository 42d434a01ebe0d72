import type { Room } from "../platform/rooms/room.ts";
import { auditKeyColumn } from "./chain-queries.ts";
import { personalData } from "./personal-data.ts";
import { sealAllLogs } from "./seal.ts";

/** What audit logs do by themselves. */
export const audit = {
  cron: { logs: sealAllLogs },
  secrets: [auditKeyColumn],
  personalData,
} satisfies Room;
