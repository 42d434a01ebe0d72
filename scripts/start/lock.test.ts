import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { holding, lockState, takeLock } from "./lock.ts";

const folder = mkdtempSync(join(tmpdir(), "understudy-lock-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A process that takes the lock and keeps it; resolves with what it said. */
async function contender(file: string): Promise<{ child: ChildProcess; said: string }> {
  const code = `const { takeLock } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, "lock.ts")).href)});
    console.log(takeLock(${JSON.stringify(file)}) ? "mine" : "taken"); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  return { child, said: String(said).trim() };
}

async function kill({ child }: { child: ChildProcess }): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

test("one of four that ask at once gets the lock, and after kill -9 of that one the next", async () => {
  const file = join(folder, "race");
  const contenders = await Promise.all([1, 2, 3, 4].map(() => contender(file)));
  assert.deepEqual(contenders.map(({ said }) => said).sort(), ["mine", "taken", "taken", "taken"]);
  assert.equal(takeLock(file), null);
  const holder = contenders.find(({ said }) => said === "mine");
  if (holder) await kill(holder);
  const lock = takeLock(file);
  assert.ok(lock, "the system let the lock of the killed process go");
  lock.release();
  await Promise.all(contenders.filter((each) => each !== holder).map(kill));
});

test("says which server has the state", async () => {
  const holder = await contender(join(folder, "lock"));
  writeFileSync(join(folder, "lock.pid"), `${holder.child.pid}\n`);
  await assert.rejects(
    lockState(folder, assert.fail),
    new RegExp(`in use by another server \\(process ${holder.child.pid}\\)`),
  );
  await kill(holder);
});

/** A state folder of its own, which this process has taken. */
async function taken(name: string, onLost: (reason: Error) => void): Promise<string> {
  const stateDir = join(folder, name);
  mkdirSync(stateDir);
  await lockState(stateDir, onLost);
  return stateDir;
}

test("takes a lock anew that was deleted", async () => {
  const stateDir = await taken("deleted", assert.fail);
  const changes = watch(stateDir);
  for (const files of [["lock"], ["lock", "lock.pid"]]) {
    for (const name of files) rmSync(join(stateDir, name));
    while (!existsSync(join(stateDir, "lock.pid")) || !existsSync(join(stateDir, "lock")))
      await once(changes, "change");
    const other = await contender(join(stateDir, "lock"));
    assert.equal(other.said, "taken");
    await kill(other);
  }
  changes.close();
});

test("leaves a state alone whose lock was deleted while its server lives", async () => {
  const stateDir = join(folder, "bereft");
  mkdirSync(stateDir);
  const server = await contender(join(folder, "elsewhere"));
  writeFileSync(join(stateDir, "lock.pid"), `${server.child.pid}\n`);
  await assert.rejects(lockState(stateDir, assert.fail), /in use by another server .* delete \S+lock\.pid/);
  assert.ok(!existsSync(join(stateDir, "lock")), "the server can take it anew");
  await kill(server);
  await lockState(stateDir, assert.fail);
});

test("says that it has lost the state where another has its lock, or it was taken away", async () => {
  let reason = Promise.withResolvers<Error>();
  const stateDir = await taken("lost", (lost) => reason.resolve(lost));
  const other = await contender(join(folder, "usurper"));
  renameSync(join(folder, "usurper"), join(stateDir, "lock"));
  assert.match((await reason.promise).message, /Another server has taken/);
  await kill(other);

  reason = Promise.withResolvers<Error>();
  rmSync(await taken("gone", (lost) => reason.resolve(lost)), { recursive: true });
  assert.match((await reason.promise).message, /was taken away/);
});

test("waits for its turn, and says so once", async () => {
  const file = join(folder, "turns");
  const order: string[] = [];
  const first = holding(
    file,
    () => order.push("never"),
    async () => {
      const second = holding(
        file,
        () => order.push("waits"),
        () => order.push("second"),
      );
      order.push("first");
      return { second };
    },
  );
  await (await first).second;
  assert.deepEqual(order, ["waits", "first", "second"]);
});

test("tells in a sentence that a file is no lock", () => {
  const file = join(folder, "text");
  writeFileSync(file, "something else that is long enough to be no database\n".repeat(40));
  assert.throws(() => takeLock(file), /cannot be locked .*Delete it/);
});
