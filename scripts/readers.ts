import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Death, defaultLimits, type ReaderLimits, watch } from "./readers/limits.ts";
import { type Job, Reader, writeConfig } from "./readers/reader-process.ts";

/** A process that holds more than this when its work is done is not used again: workerd gives nothing back. */
const idleMegabytes = 256;

/** Takes the next piece of work from each workspace in turn. */
class Turns {
  readonly #waiting = new Map<string, Job[]>();

  add(job: Job): void {
    const others = this.#waiting.get(job.workspaceId);
    if (others) others.push(job);
    else this.#waiting.set(job.workspaceId, [job]);
  }

  next(): Job | undefined {
    for (const [workspaceId, jobs] of this.#waiting) {
      const job = jobs.shift();
      // Its workspace goes to the end of the row.
      this.#waiting.delete(workspaceId);
      if (jobs.length > 0) this.#waiting.set(workspaceId, jobs);
      if (job && !job.response.destroyed) return job;
      return this.next();
    }
    return undefined;
  }
}

export interface Readers {
  /** Where the server reaches them, for `external` in its service binding. */
  address: string;
  dispose(): Promise<void>;
}

interface Options {
  onLog: (line: string) => void;
  limits?: Partial<ReaderLimits>;
  /** How far below this process's own priority they work: answers that are being written come first. */
  niceness?: number;
}

/**
 * The local place of the reader: processes of workerd that read files from anybody, one file at a time, and are ended where one takes too
 * much time or memory. They start when they are needed; the next one takes the place of one that died.
 */
export async function startReaders({ onLog, limits: given = {}, niceness = 10 }: Options): Promise<Readers> {
  const limits = { ...defaultLimits, ...given };
  const size = Math.max(2, Math.min(4, availableParallelism() - 1));
  const folder = mkdtempSync(join(tmpdir(), "understudy-readers-"));
  const config = writeConfig(folder, limits.megabytes);
  const turns = new Turns();
  const readers = new Set<Reader>();
  let started = 0;

  const start = () => {
    const reader = new Reader(config, join(folder, `${++started}.sock`), niceness, (gone) => {
      readers.delete(gone);
      work();
    });
    readers.add(reader);
    return reader;
  };
  const idle = () => [...readers].find(({ job, isEnding }) => !job && !isEnding);

  function work(): void {
    for (;;) {
      const isFree = readers.size < size || idle() !== undefined;
      const job = isFree && turns.next();
      if (!job) return;
      const reader = idle() ?? start();
      reader.job = job;
      void run(reader, job).finally(work);
    }
  }

  async function run(reader: Reader, job: Job): Promise<void> {
    const { request: asked, response } = job;
    let death = "crash" as Death;
    const bytes = Number(asked.headers["content-length"] ?? 0);
    const watched = watch(reader, limits, bytes, (of) => {
      death = of;
    });
    const leave = () => {
      // Closed by what failed here, or by who asked: then nobody waits for the rest.
      if (response.errored) return;
      death = "left";
      reader.kill();
    };
    response.once("close", leave);
    try {
      const answer = await reader.ask(job);
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.on("data", watched.alive);
      await pipeline(answer, response);
    } catch (error) {
      reader.kill();
      if (death !== "left") onLog(`A reader was ended by its work (${death}: ${(error as Error).message}).`);
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { "Reader-Died": death }).end();
    } finally {
      watched.stop();
      response.off("close", leave);
      const held = reader.usage()?.megabytes ?? 0;
      if (held > idleMegabytes) reader.kill();
      reader.job = null;
    }
  }

  const server = createServer((asked, response) => {
    // Whether there are readers at all, whatever they have to do.
    if (asked.method === "HEAD") return void response.writeHead(204).end();
    turns.add({ workspaceId: String(asked.headers["reader-workspace"] ?? ""), request: asked, response });
    work();
  });
  const address = join(folder, "front.sock");
  await new Promise<void>((listening, failed) => server.once("error", failed).listen(address, listening));
  return {
    address: `unix:${address}`,
    async dispose() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      for (const reader of readers) reader.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
