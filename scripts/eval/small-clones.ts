import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EvalCall, FoundPlace } from "./worker.ts";

interface AskedQuestion {
  question: string;
  type: string;
  sources: FoundPlace[];
}

/** Clones of a few documents, whose questions say where the answer stands. */
const smallClones = { demo: "demo", barnum: "../shared/corpus/clone-barnum" };
const looked = 5;

export interface SmallCloneRow {
  name: string;
  questions: number;
  first: number;
  amongFive: number;
}

const isRight = (sources: FoundPlace[], { document, page }: FoundPlace) =>
  sources.some((source) => source.document === document && (source.page === null || source.page === page));

/** In how many questions the right document, and page where it has any, is found first and among five; of those clones that are there. */
export async function measureSmallClones(ask: <T>(call: EvalCall) => Promise<T>): Promise<SmallCloneRow[]> {
  const rows: SmallCloneRow[] = [];
  for (const [name, directory] of Object.entries(smallClones)) {
    if (!existsSync(join(directory, "questions.jsonl"))) continue;
    for (const file of readdirSync(join(directory, "documents")).sort()) {
      const base64 = readFileSync(join(directory, "documents", file)).toString("base64");
      await ask({ kind: "read", name, file, base64 });
    }
    const lines = readFileSync(join(directory, "questions.jsonl"), "utf8").split("\n").filter(Boolean);
    // What leans on the question before it, or has no answer, is the chat's to deal with.
    const asked = lines
      .map((line) => JSON.parse(line) as AskedQuestion)
      .filter(({ type, sources }) => type !== "followup" && sources.length > 0);
    const row = { name, questions: asked.length, first: 0, amongFive: 0 };
    for (const { question, sources } of asked) {
      const found = await ask<FoundPlace[]>({ kind: "find", name, query: question, topK: looked });
      const at = found.findIndex((place) => isRight(sources, place));
      if (at === 0) row.first++;
      if (at >= 0) row.amongFive++;
    }
    rows.push(row);
  }
  return rows;
}
