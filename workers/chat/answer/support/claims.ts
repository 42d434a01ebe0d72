import { isFunctionWord } from "../../../text/words.ts";

/** How much of the answer is looked at for what a marker closes. */
const longestClaim = 1_000;
/** So many sentences before a marker are held against its passage at most. */
const mostSentences = 8;

const marker = /(?<!\s)\s*\[\d{1,3}\]/g;
const markersAtEnd = /(?:\s*\[\d{1,3}\])+\s*$/;
const listMark = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+/;
const abbreviated =
  /(?:^|[\s(])(?:\p{L}|dr|mrs?|ms|prof|st|nos?|nr|art|abs|ca|approx|bzw|vs|figs?|abb|pp|vol|inkl|exkl|zzgl|tel|max|min|mio|mrd|jan|feb|apr|aug|sept?|okt|oct|nov|dez|dec|e\.g|i\.e|z\. ?b|d\. ?h|u\. ?a)\.\s*$/iu;
const endsWithOrdinal = /(?:^|\s)\d{1,2}\.\s*$/;
/** Where a sentence has ended. */
const isClosed = /[.!?…。！？]["'”’»)\]」』*_]*\s*$/;

interface Part {
  text: string;
  start: number;
}

/** The sentences of a line, with abbreviations and ordinals (“am 5. März”) left together. */
export function sentencesIn(line: string): Part[] {
  const parts: Part[] = [];
  for (const { segment, index } of new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(line)) {
    const last = parts.at(-1);
    const word = /^\p{L}+/u.exec(segment)?.[0] ?? "";
    const isOrdinal = last && endsWithOrdinal.test(last.text) && word !== "" && !isFunctionWord(word.toLowerCase());
    if (last && (isOrdinal || (abbreviated.test(last.text) && word !== ""))) last.text += segment;
    else parts.push({ text: segment, start: index });
  }
  return parts.filter(({ text }) => text.trim() !== "");
}

const withoutSigns = (text: string): string =>
  text
    .replace(/[*_`#|]+/g, " ")
    .replace(/ {2,}/g, " ")
    .trim();

/** What a marker closes. */
export interface Claim {
  /** The sentence before it. */
  sentence: string;
  /** As much of that as no earlier marker closes. */
  clause: string;
  /** Whole sentences before that, where the marker stands behind a paragraph’s end: it closes them, too. */
  earlier: string[];
}

/** What a marker at the end of `said` closes, without markers and Markdown's signs. */
export function claimBefore(said: string): Claim {
  const tail = said.slice(-longestClaim).replace(markersAtEnd, "").trimEnd();
  const raw = tail.slice(tail.lastIndexOf("\n") + 1);
  const line = raw.replace(listMark, (mark) => " ".repeat(mark.length));
  const closedUntil = [...line.matchAll(marker)].reduce((_, { 0: found, index }) => index + found.length, 0);
  const blank = line.replace(marker, (found) => " ".repeat(found.length));
  const sentences = sentencesIn(blank);
  const last = sentences.pop();
  if (!last) return { sentence: "", clause: "", earlier: [] };
  const rest = blank.slice(Math.max(last.start, closedUntil));
  const clause = /[\p{L}\p{N}]/u.test(rest) ? rest : last.text;
  const earlier = isClosed.test(line) ? sentences.filter(({ start }) => start >= closedUntil) : [];
  return {
    sentence: withoutSigns(last.text.replace(/ +([.,;:!?])/g, "$1")),
    clause: withoutSigns(clause.replace(/^[\s,;.:]+/, "")),
    earlier: earlier.slice(-mostSentences).map(({ text }) => withoutSigns(text)),
  };
}

/** Sentences that say that nothing was found, that ask, lead over to a list, or speak of the answer itself. */
const declines =
  /(?:documents?|sources?|passages?|files?|knowledge|context)[^.]{0,60}(?:do(?:es)? not|don['’]t|doesn['’]t|nothing|no (?:information|answer|mention))|(?:no|not any|n['’]t any|nothing)[^.]{0,40}(?:documents?|sources?|information)|documents?[^.]{0,60}there (?:is|are) n|(?:I|we) (?:do not|don['’]t|cannot|can['’]t|could not|couldn['’]t)|(?:Dokument|Quelle|Unterlage)\p{L}*[^.]{0,60}(?:nicht|kein|nichts)|(?:documents?|sources?)[^.]{0,60}(?:ne |n['’])[^.]{0,30}pas|(?:document|fuente|fonte|fonti|bron)\p{L}*[^.]{0,60}(?<!\p{L})(?:no|non|não|niet)(?!\p{L})/iu;
const aside =
  /^\s*(?:sure|of course|certainly|hello|hi|thanks?|thank you|let me|here (?:is|are)|i hope|gern|natürlich|hallo|voici|claro|ecco)(?!\p{L})/iu;

/** Whether a text says that the documents do not say. */
export const isDeclined = (text: string): boolean => declines.test(text);

/** Whether a sentence of an answer tells something that a document has to say. */
export function needsCitation(sentence: string): boolean {
  const text = withoutSigns(sentence.replace(listMark, ""));
  if (/[?:？：]\s*$/.test(text) || /^\s*#{1,6}\s/.test(sentence) || /^[\s|:+=-]*$/.test(sentence)) return false;
  if (isDeclined(text) || aside.test(text)) return false;
  const words = [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)].filter(
    ({ isWordLike, segment }) => isWordLike && !isFunctionWord(segment.toLowerCase()),
  );
  return words.length >= 2;
}
