import { fold } from "../../text/words.ts";
import type { OfferedKnowledge, OfferedPassage } from "../ports/chat-model.ts";
import { type Candidate, candidatesOf } from "./candidates.ts";
import { abbreviationAsked, expansionsOf, saysMeaning } from "./expansions.ts";
import { enumerates } from "./lists.ts";
import { type Window, windowsOf } from "./passage-windows.ts";
import { partsOf, type Question, readQuestion, withPrevious } from "./question.ts";
import { speaksOfRival } from "./rivals.ts";
import { lacksMost, lacksThing, unheardOf } from "./unheard.ts";

/** A sentence as it is quoted, and the number of the passage it stands in. */
export interface Quote {
  text: string;
  index: number;
  isItem: boolean;
}

const maxQuotes = 4;
const maxAnswerLength = 1_000;
/** An explanation goes on to the end of its paragraph, up to this length; a figure or a name stands alone. */
const usualExplanation = 420;

const isTelling = ({ weight }: { weight: number }) => weight >= 1;

const figures = ["number", "money", "duration", "date"] as const;
const asksForFigure = ({ kinds, required }: Question) => required.size > 0 || figures.some((kind) => kinds.has(kind));

/** A short statement, as prices and rules are: running prose calls one thing by many words. */
const isPlain = ({ words }: Candidate) => words.length <= 14;

/** Whether what a figure was asked of (“the deposit for the hall”) stands in a window or over it. */
const saysAsked = (sentences: Candidate[], { asked }: Question) =>
  asked.every((stem) => sentences.some(({ matched, context }) => matched.has(stem) || (context.get(stem) ?? 0) >= 0.5));

/** Whether a window speaks of what is asked at all: no name missing, the form asked for, and enough words in one place. */
function isSupported(window: Window, question: Question, unheard: ReadonlySet<string>): boolean {
  const { matched, support, sentences, isList } = window;
  const telling = question.terms.filter(isTelling);
  const near = (stem: string) => matched.has(stem) || sentences.some(({ context }) => context.has(stem));
  if (telling.some(({ stem, isName, isSpeaker }) => isName && !isSpeaker && !near(stem))) return false;
  // A figure of the like of what is asked would be taken for its own.
  if (asksForFigure(question)) {
    if (sentences.some((each) => (support < 0.6 || isPlain(each)) && speaksOfRival(each, question))) return false;
    if (!saysAsked(sentences, question)) return false;
  }
  const { listed } = question;
  if (listed !== null && !sentences.some((each) => each.matched.has(listed) || each.titled.has(listed))) return false;
  const touches = ({ matched: own, titled }: Candidate, stem: string) => own.has(stem) || titled.has(stem);
  const touching = sentences.filter(
    (sentence) =>
      sentence.matched.size > 0 && (telling.length === 0 || telling.some(({ stem }) => touches(sentence, stem))),
  );
  if (question.required.size > 0 && !touching.some(({ hasForm }) => hasForm)) return false;
  if (sentences.some(({ headingFit }) => headingFit >= 0.6)) return true;
  if (lacksThing(window, question, unheard)) return false;
  if (support >= 0.35 && (isList || sentences.some((sentence) => enumerates(sentence, question.listed)))) return true;
  if (lacksMost(window, question, unheard)) return false;
  if (telling.length === 0) return support >= 0.6;
  const stands = (stem: string) =>
    matched.has(stem) || sentences.some(({ context }) => (context.get(stem) ?? 0) >= 0.6);
  // Two words of the question standing together as they do in it tell as much as another word would.
  const together = sentences.some(({ pairs }) => pairs > 0) ? 1 : 0;
  const hits = telling.filter(({ stem }) => stands(stem)).length + together;
  // A figure where a figure was asked for is proof of its own; a capital letter where a name was, is not.
  const enough = question.required.size > 0 && !question.required.has("person") ? 0.42 : 0.6;
  return hits >= 3 || (hits >= 1 && support >= enough) || (hits >= 2 && support >= 0.36);
}

function isNearCopy(a: Candidate, b: Candidate): boolean {
  let shared = 0;
  for (const stem of a.stems) if (b.stems.has(stem)) shared++;
  return shared / Math.max(1, Math.min(a.stems.size, b.stems.size)) > 0.8;
}

const leansBack =
  /^["“'‘]?(?:he|she|it|they|this|that|these|those|his|her|its|their|such|here|then|so|but|and|however|therefore|thus|also|second|third|fourth|after that)\b/;

/** Gathers sentences up to the answer's limits, without repeating one. */
class Answer {
  readonly chosen: Candidate[] = [];
  readonly covered = new Set<string>();

  readonly #listed = new Set<Candidate>();

  get #single(): Candidate[] {
    return this.chosen.filter((sentence) => !this.#listed.has(sentence));
  }

  get length(): number {
    return this.#single.reduce((sum, { text }) => sum + text.length, 0);
  }

  /** Adds a list whole, beside which there is room for other things. */
  addList(entries: Candidate[]): void {
    for (const entry of entries) {
      if (this.chosen.some(({ text }) => text === entry.text)) continue;
      this.chosen.push(entry);
      this.#listed.add(entry);
    }
  }

  add(sentence: Candidate | undefined): void {
    if (!sentence?.whole || sentence.kind === "heading" || !sentence.isOfMarks || this.chosen.includes(sentence))
      return;
    const full = this.#single.length >= maxQuotes || this.length + sentence.text.length > maxAnswerLength;
    if ((this.chosen.length > 0 && full) || this.chosen.some((other) => isNearCopy(sentence, other))) return;
    this.chosen.push(sentence);
    for (const stem of sentence.matched.keys()) this.covered.add(stem);
  }

  /** Best passage first, and inside a passage as it was written. */
  inReadingOrder(): Candidate[] {
    const groups = [...new Set(this.chosen.map(({ group }) => group))];
    return groups.flatMap((group) => this.chosen.filter((c) => c.group === group).sort((a, b) => a.place - b.place));
  }
}

/** Adds to the best window its antecedent, what it announces, and for an explanation the rest of the paragraph. */
function complete(answer: Answer, best: Window, candidates: Candidate[], question: Question): void {
  const [first, last] = [best.sentences[0], best.sentences.at(-1)];
  const beside = (sentence: Candidate | undefined, step: number) => {
    const near = sentence && candidates[candidates.indexOf(sentence) + step];
    return near && near.group === sentence.group ? near : undefined;
  };
  if (last?.text.endsWith(":")) for (const step of [1, 2, 3]) add(beside(last, step));
  if (first && leansBack.test(fold(first.text))) add(beside(first, -1));
  for (let step = 1; step <= 3; step++) {
    const next = beside(last, step);
    if (!next || next.kind !== last?.kind) break;
    const goesOn = next.paragraph === last.paragraph;
    const explains = question.required.size === 0 && answer.length + next.text.length <= usualExplanation;
    if (!goesOn || !(explains || (step === 1 && leansBack.test(fold(next.text))))) break;
    add(next);
  }
  function add(sentence: Candidate | undefined): void {
    answer.add(sentence);
  }
}

/** The window to answer from, if any; a list that is called as what was asked for before an entry of another one that only names it. */
function bestOf(windows: Window[], candidates: Candidate[], question: Question): Window | undefined {
  const unheard = unheardOf(candidates, question);
  const top = windows[0]?.score ?? 0;
  const best = windows.find((window) => window.score >= 0.6 * top && isSupported(window, question, unheard));
  if (!best) return;
  const isEntry = best.sentences.every(({ kind }) => kind === "row" || kind === "item");
  const list = isEntry ? windows.find((window) => window.isList && isSupported(window, question, unheard)) : undefined;
  return list && list.score >= 0.5 * top ? list : best;
}

/** Adds the sentence that says what an abbreviation stands for; false where the question asks for something else. */
function answerMeaning(answer: Answer, text: string, passages: OfferedPassage[]): boolean {
  const asked = abbreviationAsked(text);
  if (!asked) return false;
  const candidates = candidatesOf(passages, readQuestion(text), text).filter(({ kind }) => kind !== "heading");
  const expansions = expansionsOf(asked.short, passages);
  const says = ({ text: said }: Candidate) =>
    saysMeaning(said, asked.short) || expansions.some(({ short, long }) => said.includes(long) && said.includes(short));
  const saying = candidates.find((candidate) => candidate.whole && says(candidate)) ?? candidates.find(says);
  if (saying) answer.add({ ...saying, whole: true, isOfMarks: true });
  return saying !== undefined || asked.isSure;
}

/** Adds what answers one question, or nothing where the passages do not. */
function answerPart(answer: Answer, text: string, passages: OfferedPassage[], previous: string | undefined): void {
  if (answerMeaning(answer, text, passages)) return;
  const question = withPrevious(readQuestion(text), text, previous);
  if (question.terms.length === 0) return;
  const candidates = candidatesOf(passages, question, text);
  const windows = windowsOf(candidates, question);
  const best = bestOf(windows, candidates, question);
  if (!best) return;
  if (best.isList) {
    answer.addList(best.sentences);
    return;
  }
  for (const sentence of best.sentences) answer.add(sentence);
  const telling = question.terms.filter(isTelling);
  const stems = new Set(telling.map(({ stem }) => stem));
  const names = telling.filter(({ stem, isName }) => isName && best.matched.has(stem));
  const isFit = (sentence: Candidate) =>
    sentence.hasForm &&
    names.every(({ stem }) => sentence.matched.has(stem)) &&
    (question.listed === null || sentence.matched.has(question.listed)) &&
    !speaksOfRival(sentence, question);
  const others = (share: number, shareOfNew: number) => {
    for (const { sentences, matched, score } of windows) {
      const brings = [...matched].some((stem) => stems.has(stem) && !answer.covered.has(stem));
      const [sentence] = sentences;
      if (!sentence || sentences.length > 1 || !isFit(sentence)) continue;
      if (score >= best.score * (brings ? shareOfNew : share)) answer.add(sentence);
    }
  };
  // Who asks about a name alone wants to hear where it stands, rather than all of one place.
  if (telling.every(({ isName }) => isName) && !question.kinds.has("definition")) others(0.7, 0.6);
  complete(answer, best, candidates, question);
  others(0.9, 0.7);
}

/**
 * The sentences of the passages that answer the question, or an empty list where none does. Deterministic: words in common
 * weighed by rarity, what stands around, the form of the answer asked for, and the passage's own rank. `previous` is the question
 * before this one, for those that lean on it.
 */
export function extractAnswer({ question, passages }: OfferedKnowledge, previous?: string): Quote[] {
  const answer = new Answer();
  answerPart(answer, question, passages, previous);
  const parts = partsOf(question);
  // What “and when did he die?” leans on stands in the part before it.
  if (parts.length > 1)
    for (const [at, part] of parts.entries()) answerPart(answer, part, passages, parts[at - 1] ?? previous);
  return answer
    .inReadingOrder()
    .map(({ text, passage, kind }) => ({ text, index: passage.index, isItem: kind === "item" || kind === "row" }));
}
