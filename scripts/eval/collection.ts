import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface EvalDocument {
  _id: string;
  title: string;
  text: string;
}

export interface EvalQuery {
  _id: string;
  text: string;
}

/** By query: the documents that were judged, with how relevant each is. */
export type Judgements = Map<string, Map<string, number>>;

export interface Collection {
  documents: EvalDocument[];
  queries: EvalQuery[];
  judgements: Judgements;
}

function lines(directory: string, file: string): string[] {
  return readFileSync(join(directory, file), "utf8").split(/\r?\n/).filter(Boolean);
}

/** Reads corpus.jsonl, queries.jsonl and qrels.tsv (query-id, corpus-id, score; a heading line) of a directory. */
export function readCollection(directory: string): Collection {
  const judgements: Judgements = new Map();
  for (const line of lines(directory, "qrels.tsv").slice(1)) {
    const [query = "", document = "", score = ""] = line.split("\t");
    const judged = judgements.get(query) ?? new Map<string, number>();
    judgements.set(query, judged.set(document, Number(score)));
  }
  return {
    documents: lines(directory, "corpus.jsonl").map((line) => ({ title: "", text: "", ...JSON.parse(line) })),
    queries: lines(directory, "queries.jsonl").map((line) => JSON.parse(line) as EvalQuery),
    judgements,
  };
}
