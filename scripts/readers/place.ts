import { once } from "node:events";
import { existsSync, globSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { attempt, Refusal } from "../start/refusal.ts";

const built = "build/reader";
const lookEveryMs = 1_000;

/** How long the path of a socket may be, in bytes: the systems allow 103 to 107. */
const longestPath = 100;

/** workerd's configuration for the built reader: no network, no bindings, a heap that ends before the machine's memory does. */
function configOf(modules: string[], megabytes: number): string {
  const wrangler = JSON.parse(readFileSync(join(built, "wrangler.json"), "utf8")) as {
    compatibility_date: string;
    compatibility_flags: string[];
  };
  const text = (value: string) => JSON.stringify(value);
  const embedded = modules.map((path) => `(name = ${text(path)}, esModule = embed ${text(`reader/${path}`)})`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  v8Flags = ["--max-old-space-size=${Math.floor(megabytes * 0.8)}"],
  services = [
    (name = "nowhere", network = (allow = [])),
    (name = "reader", worker = (
      modules = [${embedded.join(", ")}],
      compatibilityDate = ${text(wrangler.compatibility_date)},
      compatibilityFlags = [${wrangler.compatibility_flags.map(text).join(", ")}],
      globalOutbound = "nowhere"
    ))
  ],
  sockets = [(name = "http", http = (), service = "reader")]
);
`;
}

/** What the folder holds. Kept in memory: a build while this runs would take the files away from under readers that are yet to start. */
function contentsOf(megabytes: number): Map<string, string | Buffer> {
  const modules = ["index.js", ...globSync("**/*.js", { cwd: built }).filter((path) => path !== "index.js")].map(
    (path) => path.replaceAll("\\", "/"),
  );
  return new Map<string, string | Buffer>([
    ["reader.capnp", configOf(modules, megabytes)],
    ...modules.map((path) => [`reader/${path}`, readFileSync(join(built, path))] as const),
  ]);
}

/** A new folder of this user's alone, whose sockets have paths that are short enough. */
function makeFolder(): string {
  const base = [tmpdir(), "/tmp"].find(
    (folder) => Buffer.byteLength(join(folder, "understudy-readers-XXXXXX", "front.sock")) <= longestPath,
  );
  if (!base)
    throw new Refusal("The folder for temporary files has too long a path. Choose another: TMPDIR=/tmp npm start");
  return attempt("Making the readers' folder", () => mkdtempSync(join(base, "understudy-readers-")));
}

/**
 * The folder with the readers' program and sockets, and the front that the server asks. Both are made anew where somebody, such as a
 * cleaner of temporary files, takes them away.
 */
export class Place {
  /** workerd's configuration for a reader. */
  readonly config: string;
  /** The path of the front's socket. */
  readonly address: string;
  readonly #folder = makeFolder();
  readonly #contents: Map<string, string | Buffer>;
  readonly #onRequest: RequestListener;
  #front: Server | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sockets = 0;

  constructor(megabytes: number, onRequest: RequestListener) {
    this.#contents = contentsOf(megabytes);
    this.#onRequest = onRequest;
    this.config = join(this.#folder, "reader.capnp");
    this.address = join(this.#folder, "front.sock");
  }

  /** Resolves when the front listens. From then on `look` is called every second. */
  async open(look: () => void): Promise<void> {
    this.#write();
    await once(this.#listen(), "listening");
    this.#timer = setInterval(look, lookEveryMs);
  }

  /** A path for the next reader's socket. */
  nextSocket(): string {
    return join(this.#folder, `${++this.#sockets}.sock`);
  }

  /** Makes anew what is missing; returns whether anything was. */
  mend(): boolean {
    const isWhole = [...this.#contents.keys()].every((name) => existsSync(join(this.#folder, name)));
    const isListening = existsSync(this.address);
    if (!isWhole) this.#write();
    // What keeps it from listening is tried again, as the socket still is missing then.
    if (!isListening) this.#listen().on("error", () => {});
    return !isWhole || !isListening;
  }

  #write(): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    // Where all may write, somebody else may have made a folder of this name meanwhile.
    if (process.getuid && lstatSync(this.#folder).uid !== process.getuid())
      throw new Error(`${this.#folder} belongs to somebody else`);
    for (const [name, content] of this.#contents) {
      const file = join(this.#folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }

  /** Listens by a new server: the one before keeps the connections that it has until they end. */
  #listen(): Server {
    // First: closing it takes the path away.
    this.#front?.close();
    this.#front = createServer(this.#onRequest).listen(this.address);
    return this.#front;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#front?.closeAllConnections();
    await new Promise((closed) => this.#front?.close(closed));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
