import { z } from "zod";

/** A message of the queue: works on what a processor told. */
export const eventMessage = z.object({ kind: z.literal("processor_event"), event_id: z.string() });
export type EventMessage = z.output<typeof eventMessage>;

/** Has what a processor told worked on. */
export async function enqueueEvent(env: Env, id: string): Promise<void> {
  const message: EventMessage = { kind: "processor_event", event_id: id };
  await env.INGEST_QUEUE.send(message);
}
