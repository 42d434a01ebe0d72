/** What becomes of the text in a group, by the control word that the group begins with. */
export type Destination = "text" | "skip" | "silent" | "aside" | "fonts" | "styles" | "info" | "title" | "author";

const destinations = new Map<string, Destination>([
  ["fonttbl", "fonts"],
  ["stylesheet", "styles"],
  ["info", "info"],
  // Beside the running text, and told after the paragraph.
  ["footnote", "aside"],
  ["shptxt", "aside"],
  ["dptxbxtext", "aside"],
]);

/** Groups whose text is no one's to read: tables of settings, pictures, codes of fields, markers of indexes. */
const skipped = new Set(
  (
    "colortbl filetbl pict fldinst xe rxe txe tc tcn private nonshppict ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn " +
    "shprslt pntxta pntxtb mmathPict objclass objname objdata comment subject keywords operator creatim revtim printim buptim " +
    "doccomm manager company category hlinkbase listname liststylename leveltext levelnumbers"
  ).split(" "),
);

/** Groups marked as ignorable by old readers that hold text all the same, or have some inside. */
const readIgnorable = new Set(["shpinst", "do", "footnote", "moMath", "moMathPara", "shptxt"]);
/** Groups that only have groups of text inside. */
const silent = new Set(["shpinst", "do"]);

const running = /^(?:header|footer)[lrf]?$/;

/** What a group that begins with `word` is; null where the word says nothing of that. `ignorable` is a group with `\*`. */
export function destinationOf(word: string, ignorable: boolean, within: Destination): Destination | null {
  if (within === "info" && (word === "title" || word === "author")) return word;
  if (ignorable && !readIgnorable.has(word)) return "skip";
  if (skipped.has(word) || /^m[a-zA-Z]+Pr$/.test(word)) return "skip";
  if (silent.has(word)) return "silent";
  return running.test(word) ? "aside" : (destinations.get(word) ?? null);
}
