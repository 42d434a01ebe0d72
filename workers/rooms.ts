import { accounts } from "./accounts/room.ts";
import { audit } from "./audit/room.ts";
import { chat } from "./chat/room.ts";
import { clones } from "./clones/room.ts";
import { evaluation } from "./evaluation/room.ts";
import { knowledge } from "./knowledge/room.ts";
import { metering } from "./metering/room.ts";
import { modelAccess } from "./model-access/room.ts";
import type { Room } from "./platform/rooms/room.ts";
import { workspaces } from "./workspaces/room.ts";

/** The rooms that do something by themselves, lowest first. Personal data, which walk them, stand above. */
export const rooms = {
  audit,
  accounts,
  workspaces,
  metering,
  modelAccess,
  clones,
  knowledge,
  chat,
  evaluation,
} satisfies Record<string, Room>;
