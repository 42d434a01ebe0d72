import type { Room } from "../platform/rooms/room.ts";
import { personalData } from "./personal-data.ts";

/** What chat does without being asked by a request. */
export const chat = { personalData } satisfies Room;
