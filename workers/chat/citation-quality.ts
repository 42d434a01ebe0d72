import type { FoundPassage } from "../knowledge/search-knowledge.ts";
import { markersIn } from "../markdown/citation-brackets.ts";
import { QuoteFinder } from "./answer/find-quote.ts";
import { CodeLines } from "./answer/markers/code-spans.ts";
import { isDeclined, needsCitation, sentencesIn } from "./answer/support/claims.ts";

/** A citation as far as its quote can be held against an answer. */
export interface Quoted {
  index: number;
  source: string;
  page: number | null;
  section: string | null;
  quote: string;
}

/** Counts of an answer: how many citations are borne out by what they quote, and how many statements have one. */
export interface CitationQuality {
  /** Citations that could be held against what they quote: words cannot tell of all. */
  citations: number;
  supportedCitations: number;
  /** Statements that need a citation. */
  statements: number;
  citedStatements: number;
}

interface Marker {
  number: number;
  start: number;
  end: number;
}

/** The text of an answer outside of its blocks of code and spans of it, each character at its place. */
function withoutCode(answer: string): string {
  const lines = new CodeLines();
  const kept = answer.split("\n").map((line) => {
    lines.push(line);
    const isCode = lines.isCode;
    lines.push("\n");
    return isCode ? " ".repeat(line.length) : line;
  });
  return kept.join("\n").replace(/(`+)(?!`)[^`\n]{1,400}\1(?!`)/g, (code) => " ".repeat(code.length));
}

/** The numbers of the citations that an answer refers to. */
export const citedNumbers = (answer: string): Set<number> =>
  new Set(markersIn(withoutCode(answer)).map(({ number }) => number));

/** Markers that follow each other close the same words. */
function groupsOf(markers: Marker[], text: string): Marker[][] {
  const groups: Marker[][] = [];
  for (const marker of markers) {
    const last = groups.at(-1);
    const end = last?.at(-1)?.end;
    if (last && end !== undefined && /^[\s,;]{0,2}$/.test(text.slice(end, marker.start))) last.push(marker);
    else groups.push([marker]);
  }
  return groups;
}

/** The statements of an answer: where each begins, and where its markers may stand. */
function statementsOf(text: string, markers: Marker[]): { start: number; end: number }[] {
  let blank = text;
  for (const { start, end } of markers) blank = blank.slice(0, start) + " ".repeat(end - start) + blank.slice(end);
  const statements = [];
  let at = 0;
  for (const line of blank.split("\n")) {
    const sentences = sentencesIn(line);
    for (const [i, sentence] of sentences.entries()) {
      const start = at + sentence.start;
      const end = at + (sentences[i + 1]?.start ?? line.length);
      if (needsCitation(sentence.text)) statements.push({ start, end });
    }
    at += line.length + 1;
  }
  return statements;
}

/**
 * How well an answer cites: each citation is held against what it quotes, and each statement that tells something is looked at for a
 * citation that is not refuted. A marker behind a paragraph’s last sentence closes those before it, too. `question` is what was asked.
 */
export function citationQuality(answer: string, cited: readonly Quoted[], question: string): CitationQuality {
  const text = withoutCode(answer);
  const passages = cited.map(
    ({ source, page, section, quote }): FoundPassage => ({
      ...{ documentId: "", filename: source, page, section, score: 1 },
      ...{ text: quote, start: 0, end: quote.length },
    }),
  );
  const finder = new QuoteFinder(passages, question);
  const offeredAs = new Map(cited.map(({ index }, i) => [index, i + 1]));
  const markers = markersIn(text).filter(({ number }) => offeredAs.has(number));
  const upheld: Marker[] = [];
  let [citations, supportedCitations] = [0, 0];
  for (const group of groupsOf(markers, text)) {
    const said = text.slice(0, group[0]?.start);
    const offered = group.map(({ number }) => offeredAs.get(number) ?? 0);
    for (const [i, marker] of group.entries()) {
      const own = offered[i] ?? 0;
      const support = finder.support(
        own,
        said,
        offered.filter((each) => each !== own),
      );
      if (support !== "unknown") citations++;
      if (support === "yes") supportedCitations++;
      if (support !== "no") upheld.push(marker);
    }
  }
  // An answer that says that it does not know tells nothing else.
  const statements = markers.length === 0 && isDeclined(text) ? [] : statementsOf(text, markers);
  const isCited = ({ start, end }: { start: number; end: number }) =>
    upheld.some((marker) => marker.start >= start && marker.start < Math.max(end, start + 1)) ||
    upheld.some((marker) => marker.start >= end && /^\s*$/.test(text.slice(end, marker.start)));
  // Uncited sentences of a line are closed by a marker that stands behind the end of a later one.
  const closes = (i: number): boolean => {
    const own = statements[i];
    if (!own) return false;
    if (isCited(own)) return true;
    const next = statements.slice(i + 1).find(isCited);
    if (!next || text.slice(own.end, next.start).includes("\n")) return false;
    return /[.!?…。！？]["'”’»)]*(?:\s*\[\d{1,3}\])+\s*$/.test(text.slice(next.start, next.end));
  };
  const citedStatements = statements.filter((_, i) => closes(i)).length;
  return { citations, supportedCitations, statements: statements.length, citedStatements };
}
