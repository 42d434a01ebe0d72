import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerLog } from "./server-log.ts";

test("says once that the disk takes nothing, goes on, and says what is missing when it does again", () => {
  const said: string[] = [];
  const written: string[] = [];
  let isFull = false;
  const log = new ServerLog(
    "server.log",
    (line) => said.push(line),
    (_file, text) => {
      if (isFull) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      written.push(text);
    },
  );
  log.write("one");
  isFull = true;
  log.write("two");
  log.write("three");
  isFull = false;
  log.write("four");
  log.write("five");
  assert.deepEqual(said, [
    "The log cannot be written, and the server goes on without it: ENOSPC: no space left on device, write",
    "The log is written again; 2 lines are missing from it.",
  ]);
  assert.deepEqual(written, ["one\n", "four\n", "The log is written again; 2 lines are missing from it.\n", "five\n"]);
});

test("survives the system's own full device", { skip: process.platform !== "linux" }, () => {
  const said: string[] = [];
  const log = new ServerLog("/dev/full", (line) => said.push(line));
  log.write("one");
  log.write("two");
  assert.equal(said.length, 1);
});
