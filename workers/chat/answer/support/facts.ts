import { languageOf } from "../../../text/language.ts";
import { type ReadNumber, readCodes, readNumbers } from "../../../text/numbers.ts";
import { isFunctionWord, wordsOf } from "../../../text/words.ts";
import { remembering } from "../remembering.ts";
import { sentencesIn } from "./claims.ts";
import { withoutPoles } from "./contraries.ts";
import { type Variant, variantOf } from "./variants.ts";

/** A number with the words around it. */
export interface Counted extends ReadNumber {
  /** The stem of the word behind it: what is counted. */
  noun: string | null;
  /** With the capitals before it, as a code would be (`QM 4711`); null where there are none. */
  label: string | null;
  /** What tells it from the same figures of another thing. */
  variant: Variant | null;
}

/** What a piece of text says, as far as it can be compared. */
export interface Said {
  /** Stems of its telling words; a code is one with all its signs. */
  telling: Set<string>;
  numbers: Counted[];
  codes: Set<string>;
  negated: boolean;
}

/** One sentence, clause, list entry or cell of a table. */
export interface Fact extends Said {
  /** The sentence or row that it stands in. */
  text: string;
  /** What says it. */
  clause: string;
  isCell: boolean;
}

/** A text that is cited, and all that it says one by one. */
export interface Facts extends Said {
  facts: Fact[];
  language: string | null;
  /** Lower case, with letters and figures that signs part run together. */
  compact: string;
}

const negation =
  /(?<![\p{L}'’])(?:not|no(?![.°]? ?\d)|never|none|cannot|without|neither|nor|nicht|kein(?:e[nmrs]?)?|nie(?:mals)?|ohne|weder|pas|jamais|aucune?|sans|ni|nunca|ningun[oa]?|ningún|sin|non|mai|nessun[oa]?|senza|não|nem|sem|niet|geen|nooit|zonder|nigdy|bez|не|нет|нельзя|никогда|ніколи|без|немає|değil|yok|asla|không|chưa|chẳng|δεν|δε|μην|χωρίς|ποτέ|لا|لم|لن|ليس|ليست|غير|بدون|نیست|هرگز|नहीं|बिना|मत|না|নয়|নেই|לא|אין|אינ[הום]|ללא|בלי)(?![\p{L}\p{M}-])|\p{L}n['’]t(?!\p{L})|(?<!\p{L})نمی|不|没|未|無い|ない|ません|않|없|아니|못|ไม่|ปราศจาก/iu;
/** Turkish denies by a syllable within the verb. */
const turkish = /[ğış]/iu;
const turkishNegation = /\p{L}{2}m(?:[ae]z|[ıiuü]yor|[ae]d[ıi]|[ae]m[ıi]ş|[ae]y[ae]c)/iu;
const affirmed =
  /not only|nicht nur|no(?:n)? s[oó]lo|non solo|niet alleen|pas seulement|nie tylko|не только|не тільки|no doubt|(?:no|not) (?:later|more|less|fewer|longer|earlier) than|not exceed|nicht (?:mehr|weniger) als|nie (?:więcej|mniej) niż|не (?:более|менее|больше|меньше|більше|менше)|không (?:quá|dưới)|ไม่เกิน|不超过|不少于|不到|不仅|不同|不锈/giu;

/** Whether a sentence denies something, in any language that it can be told of. */
export function isNegated(text: string): boolean {
  const rest = text.replace(affirmed, " ");
  return negation.test(rest) || (turkish.test(rest) && turkishNegation.test(rest));
}

/** Lower case, without what parts letters from figures: “XR 500-B” is “xr500b”. */
export const compactOf = (text: string): string =>
  text.toLowerCase().replace(/(?<=\p{L})[-_ \u00a0./]+(?=\d)|(?<=\d)[-_ \u00a0]+(?=\p{L})/gu, "");

function labelOf(text: string, { start, end }: ReadNumber): string | null {
  const capitals = /\p{Lu}{1,6}[ -]?$/u.exec(text.slice(Math.max(0, start - 7), start))?.[0];
  return capitals === undefined ? null : compactOf(capitals + text.slice(start, end));
}

function nounBehind(text: string, end: number): string | null {
  const word = /^[ -](\p{L}{3,})/u.exec(text.slice(end, end + 40))?.[1];
  return word === undefined ? null : (wordsOf(word)[0]?.stem ?? null);
}

/** Reads a piece of text. Where numbers stand, their words and units are no further words of it. */
export function read(text: string, language: string | null): Said {
  const numbers = readNumbers(text, language).map((number) => ({
    ...number,
    noun: nounBehind(text, number.end),
    label: labelOf(text, number),
    variant: variantOf(text, number),
  }));
  const codes = new Set(readCodes(text).map(({ code }) => code));
  let rest = "";
  let at = 0;
  for (const { start, end, weak } of numbers) {
    if (weak) continue;
    rest += `${text.slice(at, start)} `;
    at = Math.max(at, end);
  }
  rest += text.slice(at);
  const telling = new Set([...codes].map((code) => `=${code}`));
  for (const { text: word, stem } of wordsOf(rest))
    if (!isFunctionWord(word) && !/^\p{N}/u.test(word)) telling.add(stem);
  return { telling, numbers, codes, negated: isNegated(text) };
}

const row = /^\s*\||\s\|\s|\t/;
const rule = /^[\s|:+=-]+$/;
const leads =
  /^\s*(?:it|its|they|their|this|these|that|he|she|er|sie|es|dies\p{L}*|il|elle|ils|elles|celui-ci|este|esta|ello|ellos|esso|essa|questo|questa|ele|ela|hij|zij|het|deze|dit)(?!\p{L})/iu;
const itemOrHead = /^\s*(?:#{1,6}\s|[-*+•–]\s|\d{1,3}[.)]\s|(?=\p{L}[^:.\n]{0,40}: ))/u;

const union = (...sets: Set<string>[]) => new Set(sets.flatMap((set) => [...set]));
const cellsOf = (line: string) =>
  line
    .replace(/^\s*\||\|\s*$/g, "")
    .split(/\||\t/)
    .map((cell) => cell.trim());

/** The cells of a table that say a number or a code, each with the head of its column and the first cell of its row. */
function factsOfTable(lines: string[], language: string | null): Fact[] {
  const rows = lines.filter((line) => !rule.test(line)).map(cellsOf);
  const [heads = [], ...rest] = rows;
  const isHead = rest.length > 0;
  return (isHead ? rest : rows).flatMap((cells) => {
    const name = read(cells[0] ?? "", language);
    return cells.map((cell, i): Fact => {
      const said = read(cell, language);
      const head = isHead ? read(heads[i] ?? "", language) : null;
      const counted = said.numbers.map((number) => inUnitOf(number, isHead ? (heads[i] ?? "") : "", language));
      return {
        text: cells.join(" | "),
        clause: `${heads[i] ?? ""} ${cell}`,
        isCell: true,
        telling: union(said.telling, name.telling, head?.telling ?? new Set()),
        numbers: i === 0 ? counted : [...counted, ...name.numbers],
        codes: union(said.codes, name.codes, head?.codes ?? new Set()),
        negated: said.negated,
      };
    });
  });
}

/** A number without a unit in that of a head above it: “Weight (kg)”, “Revenue in million euros”. */
function inUnitOf(number: Counted, head: string, language: string | null): Counted {
  const named = /(?:[([]\s*(?:in )?|(?<!\p{L})(?:in|en) )([^\])(]{1,30})/iu.exec(head)?.[1];
  if (number.unit || number.kind !== "number" || named === undefined) return number;
  const [one] = readNumbers(`1 ${named}`, language);
  if (!one || (!one.unit && one.values[0] === "1")) return number;
  const times = Number(one.values[0]);
  return {
    ...number,
    unit: one.unit,
    kind: one.kind,
    values: number.values.map((value) => String(Number(value) * times)),
  };
}

/** Whether two numbers may be told apart: both amounts of one unit, both without one, both dates, both times. */
export const isRival = (a: ReadNumber, b: ReadNumber): boolean =>
  (a.kind === "date") === (b.kind === "date") &&
  (a.kind === "time") === (b.kind === "time") &&
  (a.unit?.name ?? null) === (b.unit?.name ?? null);

const clauseEnd = /[;,]\s|\s(?:and|but|while|whereas|und|aber|sowie|während|et|mais|y|pero|e|ma|mas|en|maar)\s/giu;

/** The clauses of a sentence, parted where each has an amount of its own: “A costs 20 € and B 30 €”. */
function clausesOf(sentence: string, language: string | null): string[] {
  const numbers = readNumbers(sentence, language);
  const clauses: string[] = [];
  let from = 0;
  for (const { 0: joint, index } of sentence.matchAll(clauseEnd)) {
    const before = numbers.findLast(({ start, end }) => start >= from && end <= index);
    const earlier = numbers.filter(({ start, end }) => start >= from && end <= index);
    const behind = numbers.find(
      (number) => number.start >= index + joint.length - 1 && earlier.some((each) => isRival(each, number)),
    );
    if (!before || !behind) continue;
    // “between 24 and 36 months” is one.
    const between = `${sentence.slice(before.end, index)} ${sentence.slice(index + joint.length, behind.start)}`;
    const joined = withoutPoles(between);
    const isBounded = joined !== between && !/\p{L}/u.test(joined);
    const rest = /^[^,;.]*/.exec(sentence.slice(behind.end, behind.end + 30))?.[0] ?? "";
    if (isBounded) continue;
    if (!/[\p{L}\d]{2}/u.test(between) && !/\p{L}{3}/u.test(rest)) continue;
    clauses.push(sentence.slice(from, index));
    from = index;
  }
  return [...clauses, sentence.slice(from)];
}

/** Lines of a paragraph run on in one; entries of lists, headings and rows do not. */
function paragraphsOf(text: string): string[][] {
  const blocks: string[][] = [];
  let isTable = false;
  let isOpen = false;
  for (const line of text.split(/\r?\n/)) {
    const isRow = row.test(line);
    if (line.trim() === "") isOpen = false;
    else if (isRow && isTable && isOpen) blocks.at(-1)?.push(line);
    else if (isOpen && !isRow && !isTable && !itemOrHead.test(line)) {
      const last = blocks.at(-1);
      if (last) last[0] = `${last[0]} ${line.trim()}`;
    } else {
      blocks.push([line]);
      isOpen = true;
    }
    isTable = isRow;
  }
  return blocks;
}

const isHeading = (line: string) => /^\s*#{1,6}\s/.test(line) || (line.length < 90 && !/[.!?:;,。]\s*$|\d/.test(line));

function factsOfText(text: string): Facts {
  const language = languageOf(text);
  const facts: Fact[] = [];
  let heading = new Set<string>();
  let head = "";
  for (const lines of paragraphsOf(text)) {
    const [line = ""] = lines;
    if (row.test(line)) {
      for (const fact of factsOfTable(lines, language)) {
        const scaled = fact.numbers.map((number) => inUnitOf(number, head, language));
        facts.push({
          ...fact,
          numbers: [...new Set([...fact.numbers, ...scaled])],
          telling: union(fact.telling, heading),
        });
      }
      continue;
    }
    if (isHeading(line)) {
      heading = read(line, language).telling;
      head = line;
    }
    let before = new Set<string>();
    for (const { text: sentence } of sentencesIn(line.replace(itemOrHead, ""))) {
      const subject = leads.test(sentence) ? before : new Set<string>();
      const clauses = clausesOf(sentence, language);
      let clauseBefore = new Set<string>();
      for (const clause of clauses) {
        const said = read(clause, language);
        // “… 12 € in 2022 and 15 € in 2023” goes on speaking of the same.
        const own = said.telling.size > 0 ? said.telling : clauseBefore;
        facts.push({ ...said, text: sentence.trim(), clause, isCell: false, telling: union(own, heading, subject) });
        clauseBefore = own;
      }
      before = union(read(sentence, language).telling, subject);
    }
  }
  const whole = read(text, language);
  // With the units that a table's heads give.
  const numbers = [...whole.numbers, ...facts.flatMap((fact) => (fact.isCell ? fact.numbers : []))];
  return { ...whole, numbers, facts, language, compact: compactOf(text) };
}

/** The facts of the texts that were read last. */
export const factsOf = remembering(100, factsOfText);
