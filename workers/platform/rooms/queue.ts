import { z } from "zod";
import type { Log, LogFields } from "../log.ts";
import type { Runtime } from "../runtime.ts";

/** A message of the queue, and what it says. */
export interface Delivery<Body> {
  message: Message;
  body: Body;
}

type MessageSchema = z.ZodObject<{ kind: z.ZodLiteral<string> }>;

/** What a room does with the messages of one kind. */
export interface QueueHandler {
  message: MessageSchema;
  consume(runtime: Runtime, deliveries: Delivery<unknown>[], isDead: boolean): Promise<void>;
}

/** A handler of the messages that `message` describes; `isDead` says that they are dead letters. */
export const queueHandler = <Schema extends MessageSchema>(
  message: Schema,
  consume: (runtime: Runtime, deliveries: Delivery<z.output<Schema>>[], isDead: boolean) => Promise<void>,
): QueueHandler => ({
  message,
  consume: (runtime, deliveries, isDead) => consume(runtime, deliveries as Delivery<z.output<Schema>>[], isDead),
});

/** How long to wait before a message is delivered again, in seconds. */
const pauseAfter = ({ attempts }: Message) => Math.min(60, 2 ** attempts);

/** What nobody understands may be for a newer version: it is delivered again, becomes a dead letter, and ends there. */
function refuse(log: Log, message: Message, error: unknown, isDead: boolean): void {
  log.error("queue_message_not_understood", error, { message_id: message.id, attempt: message.attempts });
  if (isDead) message.ack();
  else message.retry({ delaySeconds: pauseAfter(message) });
}

/** Parses a batch of the queue, or of its dead letters, and gives each message to the handler of its `kind`. */
export async function consumeBatch(
  runtime: Runtime,
  handlers: readonly QueueHandler[],
  { queue, messages }: { queue: string; messages: readonly Message[] },
): Promise<void> {
  const isDead = queue.endsWith("-dead");
  const [first, ...others] = handlers.map(({ message }) => message);
  if (!first) throw new Error("Nobody handles what is in the queue.");
  const anyMessage = z.discriminatedUnion("kind", [first, ...others]);
  const deliveries = messages.flatMap((message): Delivery<{ kind: string }>[] => {
    const { data, error } = anyMessage.safeParse(message.body);
    if (data) return [{ message, body: data }];
    refuse(runtime.log, message, error, isDead);
    return [];
  });
  const byKind = Map.groupBy(deliveries, ({ body }) => body.kind);
  await Promise.all(
    handlers.map(({ message, consume }) => consume(runtime, byKind.get(message.shape.kind.value) ?? [], isDead)),
  );
}

/** Takes deliveries one after another. One that fails is logged as `event`, with what `about` tells of it, and delivered again later. */
export async function takeEach<Body>(
  { log }: Pick<Runtime, "log">,
  deliveries: Delivery<Body>[],
  { event, about }: { event: string; about: (body: Body) => LogFields },
  take: (body: Body) => Promise<void>,
): Promise<void> {
  for (const { message, body } of deliveries) {
    try {
      await take(body);
      message.ack();
    } catch (error) {
      log.error(event, error, about(body));
      message.retry({ delaySeconds: pauseAfter(message) });
    }
  }
}
