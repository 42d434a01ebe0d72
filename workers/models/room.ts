import type { Room } from "../platform/rooms/room.ts";
import { bringCatalogue } from "./catalogue/read-catalogue.ts";

/** What is done for models without being asked. */
export const models = { cron: { model_catalogue: bringCatalogue } } satisfies Room;
