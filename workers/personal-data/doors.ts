import type { PersonalData } from "../platform/rooms/personal-data.ts";
import type { Room } from "../platform/rooms/room.ts";
import { rooms } from "../rooms.ts";

/** What rooms have of people and workspaces, lowest room first. */
export const doors: PersonalData[] = Object.values<Room>(rooms).flatMap(({ personalData = [] }) => personalData);

/** What rooms do in an erasure: those that build on others come before them. */
export const erasureDoors = doors.toReversed().flatMap(({ erasure = [] }) => erasure);
