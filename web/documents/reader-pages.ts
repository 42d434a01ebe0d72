import type { DocumentText } from "../../workers/knowledge/contract.ts";

type Part = DocumentText["parts"][number];

export interface ReaderPage {
  /** The anchor's name: `page-3`, or `part-0` for a document without pages. */
  anchor: string;
  page: number | null;
  parts: Part[];
}

/** A document's parts, gathered by page. One without pages is a single sheet. */
export function readerPages(parts: readonly Part[]): ReaderPage[] {
  const pages: ReaderPage[] = [];
  for (const part of parts) {
    const last = pages.at(-1);
    if (last && last.page === part.page) last.parts.push(part);
    else
      pages.push({
        anchor: part.page === null ? `part-${pages.length}` : `page-${part.page}`,
        page: part.page,
        parts: [part],
      });
  }
  return pages;
}

/** Where each section begins, for a list of contents. Subsequent parts of one section are one entry. */
export function sectionsOf(parts: readonly Part[]): { title: string; anchor: string }[] {
  const sections: { title: string; anchor: string }[] = [];
  for (const { section, start } of parts) {
    if (section && sections.at(-1)?.title !== section) sections.push({ title: section, anchor: `at-${start}` });
  }
  return sections;
}
