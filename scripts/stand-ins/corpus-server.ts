import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

export interface ExpectedText {
  text: string;
  page?: number | number[];
  sheet?: string;
  /** Names of files, or `part1` and so on for the parts of a mail's body. */
  part?: string | string[];
}

/** A file of the corpus and what must come of it: docs/index.json and nasty/index.json, as far as tests read them. */
export interface CorpusEntry {
  file: string;
  /** What must be found, and on which page (any of a list), in which sheet, or in which part of a mail or archive. */
  expect: ExpectedText[];
  must_not_contain?: string[];
  pages?: number;
}

export interface NastyEntry {
  file: string;
  what: string;
  expect: "accept" | "reject" | "accept-or-reject";
  contains?: string;
  must_never_contain?: string;
}

/** A file that was read wrongly once: reports/index.json, as far as tests read it. A text between slashes is a regular expression. */
export interface ReportedFile {
  id: string;
  file: string;
  property: string;
  text_must_hold: string[];
  text_must_not_hold: string[];
}

/** Real and hostile documents that stand beside the repository on developers' machines. */
export interface Corpus {
  /** Where its files are served, with a slash at the end. */
  url: string;
  docs: CorpusEntry[];
  nasty: NastyEntry[];
  reports: ReportedFile[];
}

const root = fileURLToPath(new URL("../../../shared/corpus", import.meta.url));
const readJson = <T>(path: string) => JSON.parse(readFileSync(resolve(root, path), "utf8")) as T;

/** The reported files that say what must be in their text, or what must not be. */
function reportedFiles(): ReportedFile[] {
  if (!existsSync(resolve(root, "reports/index.json"))) return [];
  const reports = readJson<(Partial<ReportedFile> & { id: string; file: string | null })[]>("reports/index.json");
  return reports.flatMap(({ id, file, property = id, text_must_hold = [], text_must_not_hold = [] }) =>
    file && existsSync(resolve(root, "reports", file)) && text_must_hold.length + text_must_not_hold.length > 0
      ? [{ id, file, property, text_must_hold, text_must_not_hold }]
      : [],
  );
}

/** Serves the corpus on a free port of the loopback address; null where this machine has none. */
export async function serveCorpus(): Promise<{ corpus: Corpus; close: () => Promise<void> } | null> {
  if (!existsSync(resolve(root, "docs/index.json"))) return null;
  const server = createServer((request, response) => {
    const path = resolve(root, decodeURIComponent(new URL(request.url ?? "/", "http://corpus").pathname).slice(1));
    if (!path.startsWith(root + sep) || !existsSync(path) || !statSync(path).isFile())
      return response.writeHead(404).end();
    response.writeHead(200, { "Content-Length": statSync(path).size });
    createReadStream(path).pipe(response);
  });
  // Tests think for longer than the usual five seconds between two files.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const corpus: Corpus = {
    url: `http://127.0.0.1:${port}/`,
    docs: readJson("docs/index.json"),
    nasty: readJson("nasty/index.json"),
    reports: reportedFiles(),
  };
  return {
    corpus,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
