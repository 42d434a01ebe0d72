import { cleanLine } from "../platform/single-line.ts";

/** Longer than any name that is kept, so that its ending is not cut off here. */
const longest = 10_000;

/** A file name that is safe to show: its last path part, on one line, without marks of direction, at most 200 characters. */
export function safeFilename(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? "";
  const clean = cleanLine(last.normalize("NFC").replace(/\p{Cc}/gu, ""), longest);
  if (clean === "" || clean === "." || clean === "..") return "document";
  if (clean.length <= 200) return clean;
  const extension = /\.[^.]{1,10}$/.exec(clean)?.[0] ?? "";
  return clean.slice(0, 200 - extension.length).replace(/[\ud800-\udbff]$/, "") + extension;
}
