import type { Room } from "../platform/rooms/room.ts";
import { personalData } from "./personal-data.ts";
import { secretColumns } from "./queries.ts";

/** What is done with keys without being asked. */
export const modelAccess = { secrets: secretColumns, personalData } satisfies Room;
