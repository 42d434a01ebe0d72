import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { freePort } from "../free-port.ts";

const scratch = mkdtempSync(join(tmpdir(), "understudy-life-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** The product on a port of its own, with what it prints. */
class Started {
  readonly child: ChildProcess;
  readonly port: number;
  errors = "";
  printed = "";
  readonly ended: Promise<unknown[]>;
  #waiting: (() => void)[] = [];

  constructor(port: number, stateDir: string, command: string[]) {
    this.port = port;
    const env = { ...process.env, PORT: String(port), STATE_DIR: stateDir, LOG: "quiet" };
    const [program = "", ...args] = command;
    this.child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout?.on("data", (text) => this.#take(text, ""));
    this.child.stderr?.on("data", (text) => this.#take("", text));
    this.ended = once(this.child, "close");
    void this.ended.then(() => this.#take("", ""));
  }

  #take(printed: string, errors: string): void {
    this.printed += printed;
    this.errors += errors;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Resolves when it has printed a text, or has ended. */
  async until(text: string): Promise<boolean> {
    while (!`${this.printed}${this.errors}`.includes(text)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) return false;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return true;
  }

  /** The server's; those of the readers have no address of that name. */
  workerd(): number {
    const args = ["-P", String(this.child.pid), "-f", "socket-addr=entry"];
    const { stdout } = spawnSync("pgrep", args, { encoding: "utf8" });
    return Number(stdout.trim());
  }

  status = async (path: string) => (await fetch(`http://127.0.0.1:${this.port}${path}`)).status;
}

const isGone = (pid: number) =>
  !spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout.match(/^[^Z]/);

test("of two servers that start at once on one state one serves; it survives kill -9 of workerd, and ends with 0", async () => {
  const stateDir = join(scratch, "raced");
  const start = async () => new Started(await freePort(), stateDir, [process.execPath, "scripts/start.ts"]);
  const both = await Promise.all([start(), start()]);
  const served = await Promise.all(both.map((each) => each.until("Understudy is at")));
  assert.deepEqual(served.toSorted(), [false, true], both.map(({ printed, errors }) => printed + errors).join("\n"));
  const [winner, loser] = (served[0] ? both : both.toReversed()) as [Started, Started];
  assert.match(loser.errors, /^\S+ is in use by another server \(process \d+\)\. [^\n]+\n$/);
  assert.equal(winner.errors, "", "a first start prints no error");

  process.kill(winner.workerd(), "SIGKILL");
  assert.ok(await winner.until("The server is up again."));
  assert.match(
    winner.errors,
    /^The server's process ended by itself \(workerd has died\)\. It is started again in 0\.2 s\.\nThe server is up again\.\n$/,
  );
  assert.equal(await winner.status("/ready"), 200);

  rmSync(join(stateDir, "v3"), { recursive: true });
  winner.errors = "";
  process.kill(winner.workerd(), "SIGKILL");
  assert.ok(await winner.until("The server is up again."));
  assert.equal(await winner.status("/ready"), 200, "the database that was lost is made anew");

  const workerd = winner.workerd();
  winner.child.kill("SIGTERM");
  const [code] = await winner.ended;
  assert.equal(code, 0);
  assert.ok(isGone(workerd));
});

test("answers for the first time when it is migrated", async () => {
  const server = new Started(await freePort(), join(scratch, "first"), [process.execPath, "scripts/start.ts"]);
  const ended = server.ended.then(() => "ended");
  let first: number | string = "none";
  while (first === "none") {
    const answer = server.status("/ready").catch(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return "none";
    });
    first = await Promise.race([answer, ended]);
  }
  assert.equal(first, 200);
  server.child.kill("SIGTERM");
  await server.ended;
});
