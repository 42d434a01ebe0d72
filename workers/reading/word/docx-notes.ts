import type { ZipArchive } from "../archive/zip-archive.ts";
import { maxTextLength } from "../budget.ts";
import { localName } from "../markup/read-xml.ts";
import { readOfficeXml } from "../office/office-xml.ts";
import { tooMuchText } from "../parsed-document.ts";
import { DocxBody, type DocxPart } from "./docx-body.ts";

/** The footnotes, endnotes and comments of a Word document, which are told behind the paragraphs that refer to them. */
export class DocxNotes {
  readonly #notes = new Map<string, string>();
  #length = 0;

  /** Reads a part of notes. */
  read(archive: ZipArchive, member: string, part: DocxPart): void {
    let open: { key: string; before: string; lines: string[] } | null = null;
    let unnumbered = 0;
    const body = new DocxBody(part, ({ text }) => {
      this.#length += text.length;
      if (this.#length > maxTextLength) throw tooMuchText();
      open?.lines.push(text);
    });
    readOfficeXml(archive, member, part.budget, {
      open: (name, attributes) => {
        if (!/^w:(?:footnote|endnote|comment)$/.test(name)) {
          body.open(name, attributes);
          return;
        }
        part.budget.keep();
        const author = name === "w:comment" ? (attributes["w:author"] ?? "").trim() : "";
        const before = name !== "w:comment" ? "" : author ? `Comment by ${author}: ` : "Comment: ";
        // Lines that part notes from the text are no notes.
        const isNote = !/eparator|continuationNotice/.test(attributes["w:type"] ?? "");
        const key = `${localName(name)} ${attributes["w:id"] ?? `unnumbered ${unnumbered++}`}`;
        open = isNote ? { key, before, lines: [] } : null;
      },
      close: (name) => {
        if (!/^w:(?:footnote|endnote|comment)$/.test(name)) {
          body.close(name);
          return;
        }
        if (open && open.lines.length > 0) this.#notes.set(open.key, open.before + open.lines.join("\n"));
        open = null;
      },
      text: (text) => body.text(text),
    });
  }

  /** The text of the note that an element refers to, if it was not taken before. */
  take(element: string, id: string): string | null {
    const key = `${localName(element).replace("Reference", "")} ${id}`;
    const text = this.#notes.get(key) ?? null;
    this.#notes.delete(key);
    return text;
  }

  /** The notes that nothing refers to. */
  left(): Iterable<string> {
    return this.#notes.values();
  }
}
