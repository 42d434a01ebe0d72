import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "./refusal.ts";
import { Backoff, Supervisor } from "./supervise.ts";

test("waits 0.2 s before the next start, doubling to 10 s, and 0.2 s again after a minute that went well", () => {
  const backoff = new Backoff();
  assert.deepEqual(
    [0, 0, 0, 59_999, 0, 0, 0, 0].map((up) => backoff.after(up)),
    [200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000],
  );
  assert.equal(backoff.after(60_000), 200);
  assert.equal(backoff.after(0), 400);
});

/** A part that a test ends by hand. */
function endless() {
  let end = (_reason: string) => {};
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  const part = {
    ended,
    disposed: 0,
    end: (reason: string) => end(reason),
    async dispose() {
      part.disposed++;
      end("it was ended");
    },
  };
  return part;
}

test("starts a part anew when it ends by itself, says so, and lets the old one go", async () => {
  const made: ReturnType<typeof endless>[] = [];
  const said: string[] = [];
  let onSecond = () => {};
  const second = new Promise<void>((resolve) => {
    onSecond = resolve;
  });
  const supervisor = new Supervisor(
    async () => {
      const part = endless();
      made.push(part);
      return part;
    },
    { onUp: async () => void (made.length === 2 && onSecond()), say: (line) => said.push(line) },
  );
  await supervisor.up();
  made[0]?.end("it has died");
  await second;
  assert.deepEqual(said, [
    "The server's process ended by itself (it has died). It is started again in 0.2 s.",
    "The server is up again.",
  ]);
  assert.equal(made[0]?.disposed, 1);
  await supervisor.dispose();
  assert.equal(made.length, 2);
});

test("tries the first start three times, and one that is refused once", async () => {
  let tried = 0;
  const failing = (error: Error) =>
    new Supervisor(
      async () => {
        tried++;
        throw error;
      },
      { onUp: async () => {}, say: () => {} },
    );
  await assert.rejects(failing(new Error("broken")).up(), /broken/);
  assert.equal(tried, 3);
  tried = 0;
  await assert.rejects(failing(new Refusal("The port is in use.")).up(), /in use/);
  assert.equal(tried, 1);
});
