import type { Room } from "../platform/rooms/room.ts";
import { personalData } from "./personal-data.ts";

/** What clones do without being asked by a request. */
export const clones = { personalData } satisfies Room;
