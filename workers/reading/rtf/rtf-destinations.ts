/** What becomes of the text in a group, by the control word that the group begins with. */
export type Destination =
  | "text"
  | "skip"
  | "silent"
  | "aside"
  | "fonts"
  | "styles"
  | "info"
  | "title"
  | "author"
  | "code"
  | "form"
  | "choice"
  | "picture"
  | "name"
  | "value"
  | "inner"
  | "math";

const destinations = new Map<string, Destination>([
  ["fonttbl", "fonts"],
  ["stylesheet", "styles"],
  ["info", "info"],
  // Beside the running text, and told after the paragraph.
  ["footnote", "aside"],
  ["annotation", "aside"],
  ["shptxt", "aside"],
  ["dptxbxtext", "aside"],
  // What a field is made by.
  ["fldinst", "code"],
  // What a form's field holds, and each choice of its list.
  ["formfield", "form"],
  ["ffl", "choice"],
  ["pict", "picture"],
  // Properties of shapes and pictures.
  ["sn", "name"],
  ["sv", "value"],
  // Where the rows of a table in a table end.
  ["nesttableprops", "inner"],
  ["moMath", "math"],
]);

/** Groups whose text is no one's to read: tables of settings, codes of fields, markers of indexes, what is only for old readers. */
const skipped = new Set(
  (
    "colortbl filetbl xe rxe txe tc tcn private nonshppict ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn nonesttables " +
    "shprslt pntxta pntxtb mmathPict objclass objname objdata comment subject keywords operator creatim revtim printim buptim " +
    "doccomm manager company category hlinkbase listname liststylename leveltext levelnumbers datafield"
  ).split(" "),
);

/** Groups marked as ignorable by old readers that hold text all the same, or have some inside. */
const readIgnorable = new Set(
  "shpinst do footnote annotation moMath moMathPara shptxt fldinst formfield ffl shppict picprop nesttableprops".split(
    " ",
  ),
);
/** Groups that only have groups of text inside. */
const silent = new Set(["shpinst", "do", "shppict", "picprop", "sp"]);

const running = /^(?:header|footer)[lrf]?$/;

/** What a group that begins with `word` is; null where the word says nothing of that. `ignorable` is a group with `\*`. */
export function destinationOf(word: string, ignorable: boolean, within: Destination): Destination | null {
  if (within === "info" && (word === "title" || word === "author")) return word;
  if (within === "math") return ignorable || word === "mmathPict" ? "skip" : null;
  if (ignorable && !readIgnorable.has(word)) return "skip";
  if (skipped.has(word) || /^m[a-zA-Z]+Pr$/.test(word)) return "skip";
  if (silent.has(word)) return "silent";
  return running.test(word) ? "aside" : (destinations.get(word) ?? null);
}
