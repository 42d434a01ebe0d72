import { createParser } from "eventsource-parser";
import { ApiError } from "../api-problem.ts";
import type { TurnEvent } from "../turn-events.ts";

const firstWait = 500;
const longestWait = 15_000;

/** Milliseconds to wait before the nth attempt (from 1) to get a lost stream back. `random` in 0..1 spreads many clients. */
export function backOff(attempt: number, random: number): number {
  const ceiling = Math.min(longestWait, firstWait * 2 ** (attempt - 1));
  return Math.round(ceiling * (0.7 + 0.3 * random));
}

/** Worth trying again unasked: the network failed, or something before our server did. Our own refusals are final. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return true;
  const { status, code } = error.problem;
  return [502, 503, 504].includes(status) && code === "internal";
}

/** True for the event after which a turn says nothing more. */
export function endsTurn({ event }: TurnEvent): boolean {
  return event === "done" || event === "error";
}

/**
 * Reads a turn's events off a response as they come, in the batches they came in. Resolves to true where the turn ended, to
 * false where the connection did. Of several answers side by side, `answers` have to end. Throws what the network throws.
 */
export async function readTurn(
  response: Response,
  onEvents: (events: TurnEvent[]) => void,
  answers = 1,
): Promise<boolean> {
  if (!response.body) return false;
  let batch: TurnEvent[] = [];
  const parser = createParser({
    onEvent({ id, event, data }) {
      // The API that made these events is ours and typed; a kind that is unknown here is skipped by the reducer.
      if (event) batch.push({ id: id ?? null, event, data: JSON.parse(data) } as TurnEvent);
    },
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let ended = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return ended >= answers;
    parser.feed(value);
    if (batch.length === 0) continue;
    ended += batch.filter(endsTurn).length;
    onEvents(batch);
    batch = [];
    if (ended >= answers) {
      await reader.cancel();
      return true;
    }
  }
}

/** Waits, but no longer than until the machine is back on line. */
export function waitToReconnect(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      removeEventListener("online", finish);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    addEventListener("online", finish);
    signal.addEventListener("abort", finish);
  });
}
