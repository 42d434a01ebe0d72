import { inject } from "vitest";

/** Real and hostile documents that stand beside the repository, or null where this machine has none. */
export const corpus = inject("corpus");

/** The bytes of a file of the corpus, such as `docs/duck.html`. */
export async function readCorpusFile(path: string): Promise<Uint8Array> {
  const response = await fetch(new URL(path, corpus?.url));
  if (!response.ok) throw new Error(`The corpus has no ${path}.`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Text as the corpus compares it: without what readers and writers of a format may do differently. */
export function comparable(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, "")
    .replace(/[‘’‚‛]/g, "'")
    .replace(/[“”„‟]/g, '"')
    .replace(/[‐‑‒–—―−]/g, "-")
    .replace(/\s+/g, " ")
    .toLowerCase();
}
