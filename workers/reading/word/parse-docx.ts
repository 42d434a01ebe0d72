import { damagedArchive, entryOf, memberBytes, openZip, type ZipArchive } from "../archive/zip-archive.ts";
import { ReadingBudget } from "../budget.ts";
import { DocumentBlocks } from "../document-blocks.ts";
import { chartBlocks, diagramText } from "../office/chart.ts";
import { LeftOut } from "../office/left-out.ts";
import { readOfficeProperties } from "../office/office-properties.ts";
import { mainPart, Relations } from "../office/office-relations.ts";
import { readOfficeXml } from "../office/office-xml.ts";
import { assembleDocument, type Block, type ParsedDocument } from "../parsed-document.ts";
import type { Reading } from "../reading.ts";
import { SectionPath } from "../section-path.ts";
import { DocxBody, type DocxPart } from "./docx-body.ts";
import { blocksOfChunk } from "./docx-chunk.ts";
import { DocxNotes } from "./docx-notes.ts";
import { DocxNumbering } from "./docx-numbering.ts";
import { type DocxStyle, readStyles } from "./docx-styles.ts";

const usualMain = /^word\/document\d*\.xml$/;

/** A Word document while it is read. */
class DocxFile {
  readonly blocks = new DocumentBlocks();
  readonly leftOut = new LeftOut();
  readonly #archive: ZipArchive;
  readonly #budget: ReadingBudget;
  readonly #main: string;
  readonly #relations: Relations;
  readonly #styles: Map<string, DocxStyle>;
  readonly #numbering: DocxNumbering;
  readonly #notes = new DocxNotes();
  readonly #path = new SectionPath();
  /** Texts of headers and footers, which stand in every section again. */
  readonly #running = new Set<string>();

  constructor(archive: ZipArchive, main: string, budget: ReadingBudget) {
    this.#archive = archive;
    this.#budget = budget;
    this.#main = main;
    this.#relations = new Relations(archive, main, budget);
    this.#styles = readStyles(archive, this.#named("styles"), budget);
    this.#numbering = new DocxNumbering(archive, this.#named("numbering"), budget);
  }

  read(): void {
    for (const kind of ["footnotes", "endnotes", "comments"]) this.#readNotes(this.#named(kind));
    this.#readRunning("header");
    const emit = (block: Block) => this.blocks.add(block);
    readOfficeXml(
      this.#archive,
      this.#main,
      this.#budget,
      new DocxBody(this.#partOf(this.#relations), emit, this.#path),
    );
    for (const text of this.#notes.left()) this.blocks.add({ text, page: null, section: this.#path.current });
    this.#readRunning("footer");
  }

  /** The part of a type, or the one that has the usual name. */
  #named(type: string): string {
    const [said] = this.#relations.ofType(type);
    return said !== undefined && entryOf(this.#archive, said) ? said : `word/${type}.xml`;
  }

  #partOf(relations: Relations): DocxPart {
    return {
      styles: this.#styles,
      numbering: this.#numbering,
      budget: this.#budget,
      address: (id) => relations.address(id),
      note: (element, id) => this.#notes.take(element, id),
      leaveOut: (what) => this.leftOut.count(what),
      inserted: (element, id, place) => this.#inserted(element, relations.member(id), place),
    };
  }

  #inserted(element: string, member: string | null, place: Pick<Block, "page" | "section">): Block[] {
    if (!member) return [];
    if (element === "dgm:relIds") return [{ ...place, text: diagramText(this.#archive, member, this.#budget) }];
    if (element !== "w:altChunk") return chartBlocks(this.#archive, member, place, this.#budget);
    return blocksOfChunk(memberBytes(this.#archive, member, this.#budget), this.#budget, this.leftOut, this.#path);
  }

  #readNotes(member: string): void {
    const part = this.#partOf(new Relations(this.#archive, member, this.#budget));
    this.#notes.read(this.#archive, member, part);
  }

  #readRunning(type: "header" | "footer"): void {
    for (const member of new Set(this.#relations.ofType(type))) {
      const part = this.#partOf(new Relations(this.#archive, member, this.#budget));
      const emit = ({ text, table }: Block) => {
        if (this.#running.has(text)) return;
        this.#running.add(text);
        this.blocks.add({ text, page: null, section: null, ...(table && { table }) });
      };
      readOfficeXml(this.#archive, member, this.#budget, new DocxBody(part, emit, new SectionPath(), true));
    }
  }
}

/** Reads the text of a Word document (.docx, .docm; macros are never opened). Throws `UnreadableDocument`. */
export function parseDocx(
  bytes: Uint8Array,
  budget = new ReadingBudget("docx", bytes.length),
  reading?: Pick<Reading, "leaveOut">,
): ParsedDocument {
  const archive = openZip(bytes);
  const main = archive && mainPart(archive, usualMain, budget);
  if (!archive || !main) throw damagedArchive();
  const file = new DocxFile(archive, main, budget);
  file.read();
  if (reading) file.leftOut.tell(reading);
  return assembleDocument(file.blocks.blocks, null, readOfficeProperties(archive, "docProps/core.xml", budget));
}
