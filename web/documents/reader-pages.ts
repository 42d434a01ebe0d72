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

/** A heading in a list of contents; `depth` counts the headings above it. */
export interface ContentsEntry {
  title: string;
  depth: number;
  anchor: string;
}

/** Where each section begins, for a list of contents. Subsequent parts of one section are one entry. */
export function sectionsOf(parts: readonly Part[]): ContentsEntry[] {
  const sections: ContentsEntry[] = [];
  let last = "";
  for (const { section, start } of parts) {
    if (!section || section === last) continue;
    last = section;
    const headings = section.split(" › ");
    sections.push({ title: headings.at(-1) ?? section, depth: headings.length - 1, anchor: `at-${start}` });
  }
  return sections;
}
