import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parsePort, prepareStateDir } from "./settings.ts";

const folder = mkdtempSync(join(tmpdir(), "understudy-settings-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("reads the port, and refuses what is none", () => {
  assert.equal(parsePort(undefined), 8787);
  assert.equal(parsePort(""), 8787);
  assert.equal(parsePort("1"), 1);
  assert.equal(parsePort("65535"), 65_535);
  for (const wrong of ["abc", "0", "-1", "70000", "65536", "8e3", "80.5", " 80", "0x50", "NaN", "8787abc"])
    assert.throws(() => parsePort(wrong), /PORT is “.*”, which is no port\. Choose a number from 1 to 65535/, wrong);
});

test("makes the state folder with those above it, and refuses a file in its place or in its way", () => {
  const deep = join(folder, "a", "b");
  assert.equal(prepareStateDir(deep), deep);
  const file = join(folder, "file");
  writeFileSync(file, "");
  assert.throws(() => prepareStateDir(file), /is a file, and the state needs a folder/);
  assert.throws(
    () => prepareStateDir(join(file, "state")),
    /Making the state folder .* a file stands where a folder is needed/,
  );
});

test("refuses a place where nothing can be made", { skip: process.platform !== "linux" }, () => {
  assert.throws(() => prepareStateDir("/proc/understudy/state"), /Making the state folder/);
});
