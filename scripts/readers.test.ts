import assert from "node:assert/strict";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { buildIfStale } from "./build.ts";
import type { ReaderLimits } from "./readers/limits.ts";
import { type Readers, startReaders } from "./readers.ts";

interface Answered {
  status: number;
  died: string | null;
  /** Whether the answer came to its end. */
  isWhole: boolean;
  text: string;
}

/** Asks for a file of Markdown to be read; `leave` goes before the answer does. */
function read(readers: Readers, text: string, { workspaceId = "ws_a", leave = false } = {}): Promise<Answered> {
  const options = Buffer.from(JSON.stringify({ kind: "markdown", descriptions: null }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(options.length);
  const body = Buffer.concat([length, options, Buffer.from(text)]);
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        // A connection of its own: one that is kept may be closed just as it is used again.
        agent: false,
        socketPath: readers.address.replace("unix:", ""),
        method: "POST",
        path: "/read",
        headers: { "Content-Length": body.length, "Reader-Workspace": workspaceId },
      },
      (response) => {
        let said = "";
        response.setEncoding("latin1").on("data", (part) => {
          said += part;
          if (leave) response.destroy();
        });
        response.on("error", () => {});
        response.on("close", () =>
          resolve({
            status: response.statusCode ?? 0,
            died: (response.headers["reader-died"] as string | undefined) ?? null,
            isWhole: response.complete && said.includes('"kind":"done"'),
            text: said,
          }),
        );
      },
    );
    asked.once("error", reject).end(body);
  });
}

/** Work for many seconds: so many links that begin and never end. */
const long = "[".repeat(4_000_000);

describe("the readers", () => {
  const started: Readers[] = [];
  let onLog = (_: string) => {};
  const nextLine = () =>
    new Promise<string>((resolve) => {
      onLog = resolve;
    });
  const start = async (limits: Partial<ReaderLimits> = {}) => {
    const readers = await startReaders({ limits, niceness: 0, onLog: (line) => onLog(line) });
    started.push(readers);
    return readers;
  };

  before(() => buildIfStale(console.log, ["reader"]));
  after(() => Promise.all(started.map((readers) => readers.dispose())));

  it("read a file", async () => {
    const { status, isWhole, text } = await read(await start(), "Quinces are yellow.");
    assert.deepEqual({ status, isWhole }, { status: 200, isWhole: true });
    assert.match(text, /Quinces are yellow\./);
  });

  it("are ended where they take too much memory, and say so", async () => {
    const readers = await start({ megabytes: 1 });
    const [{ isWhole }, line] = await Promise.all([read(readers, long), nextLine()]);
    assert.equal(isWhole, false);
    assert.match(line, /memory/);
  });

  it("are ended where they show no sign of life for too long, and the next file is read all the same", async () => {
    const readers = await start({ silentCpuSeconds: 0.2 });
    const [{ isWhole }, line] = await Promise.all([read(readers, long), nextLine()]);
    assert.equal(isWhole, false);
    assert.match(line, /time/);
    assert.equal((await read(readers, "Quinces are yellow.")).isWhole, true);
  });

  it("are ended where nobody waits for the answer any more", async () => {
    const readers = await start();
    await Promise.all([read(readers, long, { leave: true }), read(readers, long, { leave: true })]);
    assert.equal((await read(readers, "Quinces are yellow.")).isWhole, true);
  });

  it("come back where their folder is lost, whole or in part, and say so", async () => {
    const readers = await start();
    assert.equal((await read(readers, "Quinces are yellow.")).isWhole, true);
    const folder = dirname(readers.address.replace("unix:", ""));
    const losses = [
      () => rmSync(folder, { recursive: true }),
      () => rmSync(join(folder, "reader"), { recursive: true }),
      () => rmSync(join(folder, "front.sock")),
      () => {
        for (const name of readdirSync(folder)) if (/^\d+\.sock$/.test(name)) rmSync(join(folder, name));
      },
    ];
    for (const lose of losses) {
      const line = nextLine();
      lose();
      assert.match(await line, /made anew/);
      assert.equal((await read(readers, "Quinces are yellow.")).isWhole, true);
    }
  });

  it("that cannot be started answer that they are not there, which is no fault of the file", async () => {
    const readers = await start();
    writeFileSync(join(dirname(readers.address.replace("unix:", "")), "reader.capnp"), "no configuration");
    const line = nextLine();
    const { status, died } = await read(readers, "Quinces are yellow.");
    assert.deepEqual({ status, died }, { status: 503, died: null });
    assert.match(await line, /could not be started/);
  });

  it("find a folder whose paths are short enough for sockets, whatever TMPDIR is", async () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = join(tmpdir(), "long".repeat(40));
    try {
      assert.equal((await read(await start(), "Quinces are yellow.")).isWhole, true);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });

  it("take the next file from each workspace in turn", async () => {
    const readers = await start();
    const ended: string[] = [];
    const some = "Sentence of a text.\n".repeat(20_000);
    await Promise.all([
      ...Array.from({ length: 8 }, () => read(readers, some).then(() => ended.push("ws_a"))),
      read(readers, "Short.", { workspaceId: "ws_b" }).then(() => ended.push("ws_b")),
    ]);
    assert.equal(ended.length, 9);
    assert.ok(ended.indexOf("ws_b") < 6, `the other workspace came last of all: ${ended.join(" ")}`);
  });
});
