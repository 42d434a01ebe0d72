import { queueHandler } from "../platform/rooms/queue.ts";
import type { Room } from "../platform/rooms/room.ts";
import { sweepCalls } from "./call-processor.ts";
import { eventMessage } from "./messages.ts";
import { personalData } from "./personal-data.ts";
import { consumeEvents, sweepEvents } from "./work-on-events.ts";

/** What billing does by itself. */
export const billing = {
  queue: [queueHandler(eventMessage, consumeEvents)],
  cron: { events: sweepEvents, calls: sweepCalls },
  personalData,
} satisfies Room;
