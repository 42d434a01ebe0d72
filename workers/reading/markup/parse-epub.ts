import { decodedPieces } from "../../text/decode-text.ts";
import { damagedArchive, openZip, readMember, type ZipArchive } from "../archive/zip-archive.ts";
import { ReadingBudget } from "../budget.ts";
import { readOfficeProperties } from "../office/office-properties.ts";
import { assembleDocument, type Block, BlockList, type ParsedDocument } from "../parsed-document.ts";
import type { LeaveOut } from "../reading.ts";
import { SectionPath } from "../section-path.ts";
import { type EpubPackage, linkedMember, readPackage, refuseLocked } from "./epub-package.ts";
import { openPage } from "./parse-html.ts";
import { localName, readXml } from "./read-xml.ts";

/** Titles of chapters from the table of contents, by member: of the first entry that leads there. */
function titlesOf(archive: ZipArchive, { contents }: EpubPackage, budget: ReadingBudget): Map<string, string> {
  const titles = new Map<string, string>();
  for (const member of contents) {
    let text = "";
    let target: string | null = null;
    const put = (href: string | null | undefined) => {
      const title = text.replace(/\s+/g, " ").trim();
      const part = href ? linkedMember(member, href) : "";
      if (part && title && !titles.has(part)) titles.set(part, title);
    };
    readXml(
      archive,
      member,
      budget,
      {
        open(qualified, attributes) {
          const name = localName(qualified);
          if (name === "a") target = attributes.href ?? null;
          if (name === "a" || name === "navLabel") text = "";
          // In the older form the label comes before its target.
          if (name === "content") put(attributes.src);
        },
        close(qualified) {
          if (localName(qualified) !== "a") return;
          put(target);
          target = null;
        },
        text(data) {
          if (text.length < 500) text += data;
        },
      },
      "named",
    );
  }
  return titles;
}

/** A member as a whole: its encoding is told by all of it. */
function bytesOf(archive: ZipArchive, member: string, budget: ReadingBudget): Uint8Array {
  const pieces: Uint8Array[] = [];
  readMember(archive, member, budget, (bytes) => pieces.push(bytes.slice()));
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The blocks of a chapter; those before its first heading stand under its title in the table of contents. */
function blocksOfChapter(
  archive: ZipArchive,
  member: string,
  title: string | undefined,
  budget: ReadingBudget,
): Block[] {
  const page = openPage(budget, { isXhtml: true });
  for (const piece of decodedPieces(bytesOf(archive, member, budget))) page.write(piece);
  const blocks = page.end();
  const section = title ? new SectionPath().enter(1, title) : null;
  return blocks.map((block) => (block.section === null ? { ...block, section } : block));
}

/** Reads an e-book chapter by chapter. Throws `UnreadableDocument`. */
export function parseEpub(
  bytes: Uint8Array,
  budget = new ReadingBudget("epub", bytes.length),
  leaveOut: LeaveOut = () => {},
): ParsedDocument {
  const archive = openZip(bytes);
  if (!archive) throw damagedArchive();
  const book = readPackage(archive, budget);
  refuseLocked(archive, book, budget);
  for (const member of book.missing) leaveOut(member, "The e-book names this chapter, but does not hold it.");
  const titles = titlesOf(archive, book, budget);
  const chapters = book.chapters.filter((member) => !book.contents.has(member));
  const blocks = new BlockList();
  for (const member of chapters)
    for (const block of blocksOfChapter(archive, member, titles.get(member), budget)) blocks.push(block);
  return assembleDocument(blocks, null, readOfficeProperties(archive, book.member, budget, "named"));
}
