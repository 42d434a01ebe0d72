import { cutText } from "./cut-text.ts";
import { lightStem } from "./light-stem.ts";
import { stem } from "./stem.ts";

/** English function words, and those of the languages that questions come in most: they say nothing of what a text is about. */
const functionWords = new Set(
  `a about above after again against all also am an and any are as at be because been before being below between both but by can
could did do does doing done down during each either else etc ever few for from further get gets got had has have having he her here
hers herself him himself his how however i if in into is it its itself just let like may me might more most much must my myself neither no nor not
now of off on once one only or other others our ours ourselves out over own per please rather same shall she should so some such tell than
that the their theirs them themselves then there therefore these they this those though through thus to too under until unto up upon us very via was we
were what whatever when where whether which while who whom whose why will with within without would yet you your yours yourself yourselves
thee thou thy
der die das den dem des ein eine einen einem einer und oder ist sind war wie wer wo was wann warum mit von zu im am auf fur nicht ich du er sie es wir ihr
wofur durfte kann hat haben wird
le la les un une des du de et ou est sont que qui quoi quand comment pourquoi dans sur pour avec pas je il elle nous vous ce cette
el los las uno una y o es son del al por para con no se su sus cuanto cuando como donde quien cual lo
il di e che per con non sono gli`.split(/\s+/),
);

/** Forms that no rule finds: the past is asked about in the present and the other way round. */
const irregular = new Map(
  `paid pay,said say,sold sell,told tell,bought buy,brought bring,thought think,taught teach,caught catch,sought seek,fought fight,
made make,took take,taken take,gave give,given give,went go,gone go,came come,became become,began begin,begun begin,ran run,wrote write,written write,
spoke speak,spoken speak,broke break,broken break,chose choose,chosen choose,knew know,known know,grew grow,grown grow,drew draw,drawn draw,
threw throw,thrown throw,saw see,seen see,found find,held hold,kept keep,left leave,lost lose,met meet,sent send,spent spend,built build,
lent lend,meant mean,felt feel,fell fall,fallen fall,rose rise,risen rise,drove drive,driven drive,won win,stood stand,understood understand,
led lead,fed feed,slept sleep,ate eat,eaten eat,drank drink,drunk drink,bore bear,born bear,wore wear,worn wear,swore swear,stole steal,stolen steal,
shown show,forgot forget,forgotten forget,hid hide,hidden hide,struck strike,flew fly,flown fly,died die,dying die,lying lie,tying tie,
men man,women woman,children child,people person,wives wife,lives life,mice mouse,feet foot,teeth tooth,better good,best good,worse bad,worst bad,
indices index,analyses analysis,criteria criterion,hypotheses hypothesis`
    .split(/,\s*/)
    .map((pair) => pair.trim().split(" ") as [string, string]),
);

/** Written without spaces: these by pairs of characters, those, whose letters say less, by threes. */
const pairScripts = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー`;
const threeScripts = String.raw`\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}`;
const unspacedScripts = pairScripts + threeScripts;
const wordPattern = new RegExp(
  String.raw`\p{N}+(?:[.,]\p{N}+)*|[${unspacedScripts}]+|(?:(?![${unspacedScripts}])[\p{L}\p{M}])+`,
  "gu",
);
const byPairs = new RegExp(`^[${pairScripts}]`, "u");
const byThrees = new RegExp(`^[${threeScripts}]`, "u");
/** Korean has spaces, and particles at the ends of its words. */
const hangul = /^\p{sc=Hangul}+$/u;
/** A number whose commas part thousands, not decimals. */
const isGrouped = /^\p{N}{1,3}(?:,\p{N}{3})+(?:\.\p{N}+)?$/u;
/** Accents, and the vowel signs and lengthening of Hebrew and Arabic, which most texts leave out. */
const combining =
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u200c-\u200f]/g;
/** Letters that are one for whoever searches. */
const letters = new Map(
  Object.entries({
    ß: "ss",
    ẞ: "SS",
    đ: "d",
    Đ: "D",
    ł: "l",
    Ł: "L",
    ı: "i",

    ى: "ي",
    ی: "ي",
    ة: "ه",
    ک: "ك",
    ٱ: "ا",
  }),
);
const unlikeLetters = new RegExp(`[${[...letters.keys()].join("")}]`, "g");
const plainAscii = /^[\0-\x7f]*$/;

/** One word of a text: as it stands (folded), what it is compared by, and where it began. */
export interface Word {
  text: string;
  stem: string;
  start: number;
}

/** Two signs that stand for whole formulas of honour: one becomes up to 18 characters, others seven at most, nearly all of them four. */
const formulas = /[\ufdfa\ufdfb]/g;

/** As much of a question as words are taken of: the rest of a pasted text is not looked for. */
const longestQuestion = 4_000;

/** The beginning of a question, of which its words are taken. */
export const askedPart = (question: string): string => cutText(question, longestQuestion);

/** Compatibility forms, accents and letters that are one are folded; capitals stay. */
export function unmarked(text: string): string {
  if (plainAscii.test(text)) return text;
  return text
    .replace(formulas, " ")
    .normalize("NFKD")
    .replace(combining, "")
    .normalize("NFC")
    .replace(unlikeLetters, (found) => letters.get(found) ?? found)
    .replaceAll("’", "'");
}

/** Small letters, of which a sigma has one only; as many as there were. */
const inSmall = (text: string) => text.toLowerCase().replaceAll("ς", "σ");

/** Lower case, compatibility forms and accents folded, so that “Éclair” meets “eclair”. The length may change, by no more than sevenfold. */
export const fold = (text: string): string => inSmall(unmarked(text));

export function isFunctionWord(word: string): boolean {
  return functionWords.has(word);
}

/** What a folded word is compared by. */
export function stemOf(word: string): string {
  return lightStem(stem(irregular.get(word) ?? word));
}

const stems = new Map<string, string>();

/** `stemOf` behind a bounded memory: texts repeat their words. */
function rememberedStem(word: string): string {
  let found = stems.get(word);
  if (found === undefined) {
    if (stems.size > 20_000) stems.clear();
    found = stemOf(word);
    stems.set(word, found);
  }
  return found;
}

/** Overlapping runs of so many characters. */
function runsOf(raw: string, length: number, start: number): Word[] {
  const characters = [...raw];
  const runs = Math.max(1, characters.length - length + 1);
  return Array.from({ length: runs }, (_, i) => {
    const run = characters.slice(i, i + length).join("");
    return { text: run, stem: run, start: start + i };
  });
}

function wordsAt(raw: string, start: number): Word[] {
  if (byPairs.test(raw) || hangul.test(raw)) return runsOf(raw, 2, start);
  if (byThrees.test(raw)) return runsOf(raw, 3, start);
  const word = isGrouped.test(raw) ? raw.replaceAll(",", "") : raw.replaceAll(",", ".");
  return [{ text: word, stem: rememberedStem(word), start }];
}

/**
 * The words of `text` in order; `start` counts in the folded text. “30,000” is one word without its comma. Scripts written
 * without spaces give overlapping runs of characters, which is what a dictionary-free comparison can use.
 */
export const wordsOf = (text: string): Word[] =>
  [...fold(text).matchAll(wordPattern)].flatMap((match) => wordsAt(match[0], match.index));
