import type { Citation } from "../../../workers/chat/contract.ts";

/** Where in the reader a cited passage stands. */
export function readerPath({ document_id, page, start, end }: Citation): string {
  return `/documents/${document_id}?start=${start}&end=${end}${page === null ? "" : `#page-${page}`}`;
}

/** The place of a passage as people say it, such as “Page 3 · Results”. Empty where the document has neither. */
export function placeOf({ page, section }: Pick<Citation, "page" | "section">): string {
  return [page === null ? "" : `Page ${page}`, section ?? ""].filter(Boolean).join(" · ");
}
