import { cleanLine } from "../../platform/single-line.ts";

/** A title is looked for in so much of a text. */
const longest = 1_000;

/** A title from a first message: its first line, cut at a word, at most `limit` characters. */
export function titleFrom(content: string, limit = 60): string {
  const line = cleanLine(content.slice(0, longest).replace(/[*_`#>]/g, ""), longest);
  if (line.length <= limit) return line || "New conversation";
  const cut = line.slice(0, limit).replace(/[\ud800-\udbff]$/, "");
  const space = cut.lastIndexOf(" ");
  return `${(space > limit / 2 ? cut.slice(0, space) : cut).replace(/[\s,;:.–-]+$/u, "")}…`;
}

/** How much of a suggestion is read: more is no title. */
const longestRead = 300;

/** What to make of a model's suggestion: one plain line without quotes, or null where it is of no use. */
export function cleanTitle(suggestion: string): string | null {
  const line =
    suggestion
      .trim()
      .slice(0, longestRead)
      .split("\n")[0]
      ?.replace(/^(title|titel|titre)\s*:\s*/i, "")
      .replace(/^["'“”«»*#\s]+|["'“”«»*.\s]+$/gu, "") ?? "";
  const clean = cleanLine(line, longest);
  return clean.length >= 2 && clean.length <= 80 ? clean : null;
}
