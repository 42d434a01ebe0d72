import { ReadingBudget } from "../budget.ts";
import { propertiesOfHtml } from "../html-properties.ts";
import { assembleDocument, type Block, type ParsedDocument } from "../parsed-document.ts";
import type { LeaveOut } from "../reading.ts";
import { CountedParser } from "./counted-parser.ts";
import { PageReader } from "./page-reader.ts";

/** How a page is read. */
interface PageOptions {
  /** XHTML has elements that end where they begin. */
  isXhtml?: boolean;
  /** Told of what is in the page and never shown. */
  leaveOut?: LeaveOut | undefined;
}

/** Reads a page that comes piece by piece. Throws `UnreadableDocument`. */
export function openPage(
  budget: ReadingBudget,
  { isXhtml = false, leaveOut }: PageOptions = {},
): { write(source: string): void; end(): Block[] } {
  const reader = new PageReader(budget, leaveOut);
  const parser = new CountedParser(
    {
      onopentag: (name, attributes) => reader.open(name.slice(name.indexOf(":") + 1), attributes),
      ontext: (data) => reader.text(data),
      onclosetag: (name) => reader.close(name.slice(name.indexOf(":") + 1)),
    },
    { decodeEntities: true, lowerCaseTags: true, recognizeSelfClosing: isXhtml },
    budget,
  );
  return {
    write: (source) => parser.write(source),
    end() {
      parser.end();
      return reader.end();
    },
  };
}

/** The blocks of a page, or of a piece of one. Throws `UnreadableDocument`. */
export function blocksOfHtml(source: string, budget: ReadingBudget): Block[] {
  const page = openPage(budget);
  page.write(source);
  return page.end();
}

/** Reads what a person would see of a page: no scripts, navigation or hidden parts. Throws `UnreadableDocument`. */
export function parseHtml(source: string): ParsedDocument {
  return parsePage([source], new ReadingBudget("html", source.length));
}

/** `parseHtml` of a page that comes piece by piece, the first with all of its head. */
export function parsePage(pieces: Iterable<string>, budget: ReadingBudget, leaveOut?: LeaveOut): ParsedDocument {
  const page = openPage(budget, { leaveOut });
  let said: ReturnType<typeof propertiesOfHtml> | null = null;
  for (const piece of pieces) {
    said ??= propertiesOfHtml(piece);
    page.write(piece);
  }
  return assembleDocument(page.end(), null, said ?? {});
}
