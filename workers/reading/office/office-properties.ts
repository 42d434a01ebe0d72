import type { ZipArchive } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import type { DoctypeRule, XmlReader } from "../markup/read-xml.ts";
import { readOfficeXml } from "./office-xml.ts";

/** Elements of Office's core properties and of OpenDocument's and e-books' metadata, by the property they hold. */
const elements: Record<string, "title" | "author" | "date" | "language"> = {
  "dc:title": "title",
  "dc:creator": "author",
  "meta:initial-creator": "author",
  "dcterms:created": "date",
  "meta:creation-date": "date",
  "dc:date": "date",
  "dc:language": "language",
};

/** What an office document or e-book says of itself in `member`; the first of each counts. */
export function readOfficeProperties(
  archive: ZipArchive,
  member: string,
  budget: ReadingBudget,
  rule: DoctypeRule = "none",
): Partial<Record<"title" | "author" | "date" | "language", string>> {
  const said: Partial<Record<"title" | "author" | "date" | "language", string>> = {};
  let current: { name: string; text: string } | null = null;
  const reader: XmlReader = {
    open(name) {
      if (elements[name]) current = { name, text: "" };
    },
    close(name) {
      const property = elements[name];
      if (property && current?.name === name && current.text.trim()) said[property] ??= current.text.trim();
      if (property) current = null;
    },
    text(text) {
      if (current && current.text.length < 1_000) current.text += text;
    },
  };
  readOfficeXml(archive, member, budget, reader, rule);
  return said;
}
