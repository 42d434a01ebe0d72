/** What a text refers to by name: links (`[name]: address`) and footnotes (`[^name]: text`), each on a line of its own. */
export type Definitions = ReadonlyMap<string, string>;

const definition = /^\[((?:[^[\]\\\n]|\\[^\n]){1,100})\]:[ \t]*\S[^\n]{0,1000}$/gm;
const reference = /\[([^[\]\n]{1,100})\]/g;
/** More than anybody defines; what comes after them stays text. */
const most = 200;

const nameOf = (written: string): string => written.trim().replace(/\s+/g, " ").toLowerCase();

/** The definitions of a text, the first of each name. */
export function definitionsIn(text: string): Definitions {
  const found = new Map<string, string>();
  if (!text.includes("]:")) return found;
  for (const { 0: line, 1: name = "" } of text.matchAll(definition)) {
    if (found.size === most) break;
    if (!found.has(nameOf(name))) found.set(nameOf(name), line);
  }
  return found;
}

/** Those of `all` that a part of the text needs and does not hold itself, as Markdown to be put before it. */
export function definitionsUsed(all: Definitions, part: string): string {
  if (all.size === 0) return "";
  const own = definitionsIn(part);
  const names = new Set(Array.from(part.matchAll(reference), ([, name = ""]) => nameOf(name)));
  const lines = [...names].flatMap((name) => (own.has(name) ? [] : (all.get(name) ?? [])));
  return lines.length > 0 ? `${lines.join("\n\n")}\n\n` : "";
}
