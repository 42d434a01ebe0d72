import { z } from "zod";
import type { ErrorCode } from "../../platform/errors.ts";
import type { LogRow } from "./event-log.ts";

/** Longest message that a client may send, in characters. */
const longestMessage = 1_024;

const clientMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("attach"), after: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0) }),
  z.object({ type: z.literal("typing") }),
]);
type ClientMessage = z.output<typeof clientMessage>;

/** What a client's message asks for; a refusal says what was wrong with it. */
type Received = ClientMessage | { type: "refused"; code: ErrorCode; detail: string };

const refuse = (code: ErrorCode, detail: string): Received => ({ type: "refused", code, detail });

/** Reads a message from a socket; whatever it holds, it never throws. */
export function readMessage(message: string | ArrayBuffer): Received {
  if (typeof message !== "string") return refuse("malformed_request", "Send text, not binary messages.");
  if (message.length > longestMessage) return refuse("payload_too_large", "Send at most 1,024 characters a message.");
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return refuse("malformed_request", "The message is not valid JSON.");
  }
  const parsed = clientMessage.safeParse(value);
  if (parsed.success) return parsed.data;
  return refuse("validation_failed", "Send {“type”: “attach”, “after”: N} or {“type”: “typing”}.");
}

/** An event of the log as a socket's message: `{id, event, data}`. The data is JSON already. */
export function eventMessage({ id, event, data }: LogRow): string {
  return `{"id":${id},"event":${JSON.stringify(event)},"data":${data}}`;
}

/** An event that is of the moment only, and has no id. */
export function momentMessage(event: "presence" | "typing" | "problem", data: object): string {
  return JSON.stringify({ event, data });
}
