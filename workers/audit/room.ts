import type { Room } from "../platform/rooms/room.ts";
import { auditKeyColumn } from "./log-key.ts";
import { sealAllLogs } from "./seal.ts";

/** What audit logs do by themselves. */
export const audit = {
  cron: { logs: sealAllLogs },
  secrets: [auditKeyColumn],
} satisfies Room;
