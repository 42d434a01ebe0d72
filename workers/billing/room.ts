import { type Delivery, queueHandler } from "../platform/rooms/queue.ts";
import type { Room } from "../platform/rooms/room.ts";
import type { Runtime } from "../platform/runtime.ts";
import { sweepCalls } from "./call-processor.ts";
import { type EventMessage, eventMessage } from "./messages.ts";
import { personalData } from "./personal-data.ts";
import { tellWallets } from "./tell-wallets.ts";
import { consumeEvents, sweepEvents } from "./work-on-events.ts";

/** Works on what processors told, and tells wallets what follows from it at once; what fails the cron does. */
async function takeEvents(runtime: Runtime, deliveries: Delivery<EventMessage>[]): Promise<void> {
  await consumeEvents(runtime, deliveries);
  await tellWallets(runtime);
}

/** What billing does by itself. */
export const billing = {
  queue: [queueHandler(eventMessage, takeEvents)],
  cron: { events: sweepEvents, calls: sweepCalls, effects: tellWallets },
  personalData,
} satisfies Room;
