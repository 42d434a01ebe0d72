import { isFunctionWord, wordsOf } from "../text/words.ts";
import type { ParsedDocument } from "./parsed-document.ts";
import { Sentences } from "./sentences.ts";

/** A sentence that says numbers of something, so that another document's numbers of the same can be held against it. */
export interface Statement {
  /** What it speaks of: its telling words without numbers, in the order of the alphabet. */
  about: string;
  /** The numbers that it says, in its order. */
  numbers: string;
  quote: string;
  page: number | null;
  start: number;
}

const [shortest, longest] = [20, 300];
/** Fewer words than this are met by chance: “Page 3 of 12”, “Table 4”. */
const fewestWords = 3;
const maxStatements = 2_000;

function statementIn(sentence: string): Pick<Statement, "about" | "numbers"> | null {
  if (sentence.length < shortest || sentence.length > longest || !/\p{N}/u.test(sentence) || sentence.includes("|"))
    return null;
  const about = new Set<string>();
  const numbers: string[] = [];
  for (const { text, stem } of wordsOf(sentence)) {
    if (/^\p{N}/u.test(text)) numbers.push(stem);
    else if (!isFunctionWord(text)) about.add(stem);
  }
  if (about.size < fewestWords || numbers.length === 0 || numbers.length > 4) return null;
  return { about: [...about].sort().join(" "), numbers: numbers.join(" ") };
}

/**
 * The statements of a document, 2,000 at most. One that it makes several times with different numbers is a form or a table, and
 * says nothing that could be contradicted.
 */
export function statementsOf({ text, blocks }: Pick<ParsedDocument, "text" | "blocks">): Statement[] {
  const sentences = new Sentences(text);
  const byTopic = new Map<string, Statement | null>();
  for (const block of blocks) {
    if (block.heading) continue;
    const content = text.slice(block.start, block.end);
    if (!/\p{N}/u.test(content)) continue;
    for (const { start, end } of sentences.of(block)) {
      const quote = text.slice(start, end).trim();
      const said = statementIn(quote);
      if (!said) continue;
      const before = byTopic.get(said.about);
      if (before === undefined) byTopic.set(said.about, { ...said, quote, page: block.page, start });
      else if (before && before.numbers !== said.numbers) byTopic.set(said.about, null);
      if (byTopic.size >= maxStatements) return [...byTopic.values()].filter((each) => each !== null);
    }
  }
  return [...byTopic.values()].filter((each) => each !== null);
}
