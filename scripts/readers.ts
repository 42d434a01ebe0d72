import { availableParallelism } from "node:os";
import { pipeline } from "node:stream/promises";
import { type Death, defaultLimits, type ReaderLimits, watch } from "./readers/limits.ts";
import { Place } from "./readers/place.ts";
import { type Job, Reader, ReaderNotStarted } from "./readers/reader-process.ts";

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

/** The processes that read, and the work that waits for them. */
class Pool {
  readonly place: Place;
  readonly #limits: ReaderLimits;
  readonly #onLog: (line: string) => void;
  readonly #niceness: number;
  readonly #size = Math.max(2, Math.min(4, availableParallelism() - 1));
  readonly #turns = new Turns();
  readonly #readers = new Set<Reader>();
  /** What keeps the place from being mended, as it was said last. */
  #fault = "";

  constructor({ onLog, limits, niceness = 10 }: Options) {
    this.#limits = { ...defaultLimits, ...limits };
    this.#onLog = onLog;
    this.#niceness = niceness;
    this.place = new Place(this.#limits.megabytes, (request, response) => {
      // Whether there are readers at all, whatever they have to do.
      if (request.method === "HEAD") return void response.writeHead(204).end();
      this.#turns.add({ workspaceId: String(request.headers["reader-workspace"] ?? ""), request, response });
      this.#work();
    });
  }

  /** Mends the place where something of it was taken away, and ends the processes that nothing reaches any more. */
  tend(): void {
    try {
      const isMended = this.place.mend();
      // Those that are at work already have their connection.
      const lost = [...this.#readers].filter(
        (reader) => !reader.isEnding && (reader.isStarting ? isMended : !reader.job && reader.isCutOff),
      );
      for (const reader of lost) reader.kill();
      if (isMended || lost.length > 0) this.#onLog("Files of the readers were gone; they have been made anew.");
      this.#fault = "";
    } catch (error) {
      const fault = (error as Error).message;
      if (fault !== this.#fault) this.#onLog(`The readers' folder cannot be made anew: ${fault}.`);
      this.#fault = fault;
    }
  }

  #idle(): Reader | undefined {
    return [...this.#readers].find(({ job, isEnding }) => !job && !isEnding);
  }

  #start(): Reader {
    const reader = new Reader(this.place.config, this.place.nextSocket(), this.#niceness, (gone) => {
      this.#readers.delete(gone);
      this.#work();
    });
    this.#readers.add(reader);
    return reader;
  }

  #work(): void {
    for (;;) {
      const isFree = this.#readers.size < this.#size || this.#idle() !== undefined;
      const job = isFree && this.#turns.next();
      if (!job) return;
      this.tend();
      const reader = this.#idle() ?? this.#start();
      reader.job = job;
      void this.#run(reader, job).finally(() => this.#work());
    }
  }

  async #run(reader: Reader, job: Job): Promise<void> {
    const { request: asked, response } = job;
    let death = "crash" as Death;
    const bytes = Number(asked.headers["content-length"] ?? 0);
    const watched = watch(reader, this.#limits, bytes, (of) => {
      death = of;
    });
    const leave = () => {
      // Closed at its end, by what failed here, or by who asked: then nobody waits for the rest.
      if (response.writableFinished || response.errored) return;
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
      const how = error instanceof ReaderNotStarted ? "could not be started" : "was ended by its work";
      if (death !== "left") this.#onLog(`A reader ${how} (${death}: ${(error as Error).message}).`);
      if (response.headersSent) response.destroy();
      // Not the work's fault, which it never had.
      else if (error instanceof ReaderNotStarted) response.writeHead(503).end();
      else response.writeHead(502, { "Reader-Died": death }).end();
    } finally {
      watched.stop();
      response.off("close", leave);
      const held = reader.usage()?.megabytes ?? 0;
      if (held > idleMegabytes) reader.kill();
      reader.job = null;
    }
  }

  async dispose(): Promise<void> {
    await this.place.close();
    for (const reader of this.#readers) reader.kill();
  }
}

/**
 * The local place of the reader: processes of workerd that read files from anybody, one file at a time, and are ended where one takes too
 * much time or memory. They start when they are needed; the next one takes the place of one that died.
 */
export async function startReaders(options: Options): Promise<Readers> {
  const pool = new Pool(options);
  await pool.place.open(() => pool.tend());
  return { address: `unix:${pool.place.address}`, dispose: () => pool.dispose() };
}
