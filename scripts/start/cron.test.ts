import assert from "node:assert/strict";
import { test } from "node:test";
import { oneAtATime } from "./cron.ts";

test("leaves runs out while one is at work, goes on after one that throws, and past one that hangs", async () => {
  let now = 0;
  const said: string[] = [];
  const begun: { cron: string; end: () => void; fail: (error: Error) => void }[] = [];
  const run = oneAtATime(
    (cron) => new Promise((end, fail) => begun.push({ cron, end, fail })),
    (line) => said.push(line),
    () => now,
  );

  const first = run("a");
  await run("b");
  assert.deepEqual(
    begun.map(({ cron }) => cron),
    ["a"],
  );
  begun[0]?.fail(new Error("poisoned stub\n at a stack"));
  await first;
  assert.deepEqual(said, ["The cron failed: poisoned stub"]);

  const hung = run("c");
  now = 5 * 60_000;
  const next = run("d");
  assert.deepEqual(
    begun.map(({ cron }) => cron),
    ["a", "c", "d"],
  );
  begun[1]?.end();
  await hung;
  await run("e");
  assert.equal(begun.length, 3, "the end of a run that hung does not open the way beside the present one");
  begun[2]?.end();
  await next;
});

test("survives a call that throws before it has become a promise", async () => {
  const said: string[] = [];
  await oneAtATime(
    () => {
      throw new Error("dead");
    },
    (line) => said.push(line),
  )("a");
  assert.deepEqual(said, ["The cron failed: dead"]);
});
