import type { Room } from "../platform/rooms/room.ts";
import { personalData } from "./personal-data.ts";

/** What is done with usage without being asked. */
export const metering = { personalData } satisfies Room;
