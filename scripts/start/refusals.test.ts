import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { freePort } from "../free-port.ts";
import { takeLock } from "./lock.ts";

const scratch = mkdtempSync(join(tmpdir(), "understudy-refusals-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
const script = join(import.meta.dirname, "..", "start.ts");
const secrets = {
  AUTH_SECRET: "W96u9NC1Gx7VzR7hbrOAFbp2gTRcQmXy5Lk0Pn3sEvJdUi8oZtKfHa4w",
  MASTER_KEYS: "k1:033XIDFRYnmX8H+fZH2MvHsStVFUSPGy/rq1DlW7ox4=",
};
const devVars = (which: Partial<typeof secrets> = secrets) =>
  Object.entries(which)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join("");

/** A folder of its own to start in, with what a case needs there. */
function place(): { cwd: string; stateDir: string } {
  const cwd = mkdtempSync(join(scratch, "case-"));
  return { cwd, stateDir: join(cwd, "state") };
}

async function run(cwd: string, env: Record<string, string>): Promise<{ code: number | null; printed: string }> {
  const inherited: NodeJS.ProcessEnv = { ...process.env, PORT: String(await freePort()), ...env };
  for (const name of Object.keys(secrets)) delete inherited[name];
  const child = spawn(process.execPath, [script], { cwd, env: inherited, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (printed += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, printed };
}

/** It ends with 1 and one line, which says `sentence`. */
async function refuses(cwd: string, env: Record<string, string>, sentence: RegExp): Promise<void> {
  const { code, printed } = await run(cwd, env);
  assert.match(printed, sentence);
  assert.equal(printed.trim().split("\n").length, 1, printed);
  assert.equal(code, 1);
}

for (const wrong of ["abc", "0", "-1", "70000"]) {
  test(`refuses the port ${wrong}`, () => refuses(place().cwd, { PORT: wrong }, /which is no port\. Choose a number/));
}

test("refuses a port in use", async () => {
  const { cwd, stateDir } = place();
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const taken = typeof address === "object" && address ? address.port : 0;
  await refuses(cwd, { PORT: String(taken), STATE_DIR: stateDir }, /Port \d+ is in use\. Stop what uses it/);
  other.close();
});

test("refuses a file as the state folder, and one on the way to it", async () => {
  const { cwd, stateDir } = place();
  writeFileSync(stateDir, "");
  await refuses(cwd, { STATE_DIR: stateDir }, /is a file, and the state needs a folder/);
  await refuses(cwd, { STATE_DIR: join(stateDir, "deeper") }, /a file stands where a folder is needed/);
});

test("refuses a state that another server has", async () => {
  const { cwd, stateDir } = place();
  mkdirSync(stateDir);
  const lock = takeLock(join(stateDir, "lock"));
  await refuses(cwd, { STATE_DIR: stateDir }, /is in use by another server/);
  lock?.release();
});

test("refuses a folder in the place of .dev.vars", async () => {
  const { cwd, stateDir } = place();
  mkdirSync(join(cwd, ".dev.vars"));
  await refuses(cwd, { STATE_DIR: stateDir }, /\.dev\.vars is a folder/);
});

for (const name of [
  ".dev.vars",
  ".wrangler/build.lock",
  "state/lock",
  "state/lock.pid",
  "state/server.log",
  "state/keys.json",
]) {
  test(`refuses a named pipe in the place of ${name}, without waiting for it`, async () => {
    const { cwd, stateDir } = place();
    const file = join(cwd, name);
    mkdirSync(dirname(file), { recursive: true });
    assert.equal(spawnSync("mkfifo", [file]).status, 0);
    await refuses(cwd, { STATE_DIR: stateDir }, /is a named pipe, and has to be an ordinary file\. Move it away/);
  });
}

test("refuses secrets that are lost, in part lost or others beside a state, and leaves .dev.vars as it is", async () => {
  const { cwd, stateDir } = place();
  const file = join(cwd, ".dev.vars");
  // Reading the secrets comes before what needs the product's folder; there it ends, as this folder is none.
  writeFileSync(file, devVars());
  await run(cwd, { STATE_DIR: stateDir });
  assert.ok(existsSync(join(stateDir, "keys.json")));
  assert.doesNotMatch(readFileSync(join(stateDir, "keys.json"), "utf8"), /033XIDFR|W96u9NC1/);

  const other = { ...secrets, MASTER_KEYS: "k1:qL3XWNhTnRowXftZrGCerv8u2Yd5KjBmPc7AiQe0sFg=" };
  const cases: [string, RegExp][] = [
    [devVars({ AUTH_SECRET: secrets.AUTH_SECRET }), /MASTER_KEYS is missing from \.dev\.vars/],
    [devVars({ MASTER_KEYS: secrets.MASTER_KEYS }), /AUTH_SECRET is missing from \.dev\.vars/],
    ["", /AUTH_SECRET and MASTER_KEYS are missing/],
    [devVars(other), /The key “k1” in MASTER_KEYS is another one/],
    [devVars({ ...other, MASTER_KEYS: other.MASTER_KEYS.replace("k1", "k2") }), /lacks the key “k1”/],
  ];
  for (const [text, sentence] of cases) {
    writeFileSync(file, text);
    await refuses(cwd, { STATE_DIR: stateDir }, sentence);
    assert.equal(readFileSync(file, "utf8"), text);
  }
  rmSync(file);
  await refuses(cwd, { STATE_DIR: stateDir }, /\.dev\.vars, which is not there.*Put \.dev\.vars back/);
  assert.ok(!existsSync(file));
});

test("refuses lost secrets beside a state of an earlier version, which has no record", async () => {
  const { cwd, stateDir } = place();
  mkdirSync(join(stateDir, "v3", "d1"), { recursive: true });
  await refuses(cwd, { STATE_DIR: stateDir }, /are missing from \.dev\.vars, which is not there/);
});

test("makes secrets where there is neither a state nor .dev.vars, and keeps what stands there already", async () => {
  const { cwd, stateDir } = place();
  writeFileSync(join(cwd, ".dev.vars"), "DEFAULT_MODEL=offline/extractive");
  await run(cwd, { STATE_DIR: stateDir });
  const text = readFileSync(join(cwd, ".dev.vars"), "utf8");
  assert.match(
    text,
    /^DEFAULT_MODEL=offline\/extractive\nAUTH_SECRET=".{64}"\nMASTER_KEYS="k\d{8}-[0-9a-f]{6}:.{44}"\n$/,
  );
});
