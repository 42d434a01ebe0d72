import { expect, it } from "vitest";
import type { TurnEvent } from "../turn-events.ts";
import { backOff, readTurn } from "./turn-stream.ts";

const frames = [
  'id: 1\nevent: start\ndata: {"turn_id":"t","message_id":"a","user_message_id":"q","model":"m"}\n\n',
  ": keep-alive\n\n",
  'id: 2\nevent: token\ndata: {"content":"Grüße 👋","finish_reason":null}\n\n',
  'id: 3\nevent: done\ndata: {"finish_reason":"stop","message_id":"a"}\n\n',
];

/** A response that arrives in pieces of `size` bytes: no boundary falls where a reader would like it. */
function inPieces(text: string, size: number): Response {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
  return new Response(body);
}

async function read(text: string, size: number) {
  const events: TurnEvent[] = [];
  const ended = await readTurn(inPieces(text, size), (batch) => events.push(...batch));
  return { ended, events };
}

it.each([1, 2, 7, 64, 4_096])("reads the same events off pieces of %i bytes", async (size) => {
  const { ended, events } = await read(frames.join(""), size);
  expect(ended).toBe(true);
  expect(events.map(({ id, event }) => [id, event])).toEqual([
    ["1", "start"],
    ["2", "token"],
    ["3", "done"],
  ]);
  expect(events[1]?.data).toMatchObject({ content: "Grüße 👋" });
});

it("passes events on whose kind it does not know, and reads on behind them", async () => {
  const unknown = 'id: 7\nevent: applause\ndata: {"hands":2}\n\n';
  const { ended, events } = await read([frames[0], unknown, ...frames.slice(2)].join(""), 7);
  expect(ended).toBe(true);
  expect(events.map(({ event }) => event)).toEqual(["start", "applause", "token", "done"]);
});

it("tells a connection that broke off from a turn that ended", async () => {
  const { ended, events } = await read(frames.slice(0, 3).join(""), 16);
  expect(ended).toBe(false);
  expect(events).toHaveLength(2);
});

it("waits longer each time, up to a limit, and never at once", () => {
  const waits = Array.from({ length: 10 }, (_, attempt) => backOff(attempt + 1, 0));
  expect(waits[0]).toBe(350);
  expect(waits.every((wait, at) => at === 0 || wait >= (waits[at - 1] ?? 0))).toBe(true);
  expect(backOff(40, 1)).toBe(15_000);
});
