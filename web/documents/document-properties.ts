import type { Document } from "../../workers/knowledge/contract.ts";

/** A language by its English name; the tag itself where nobody knows one. */
export function languageName(tag: string): string {
  return new Intl.DisplayNames("en", { type: "language", fallback: "code" }).of(tag) ?? tag;
}

/** What a document says of itself in one line: title, author, year. Empty where it says nothing. */
export function saidOfItself({ title, author, date }: Pick<Document, "title" | "author" | "date">): string {
  return [title, author, date?.slice(0, 4)].filter(Boolean).join(" · ");
}
