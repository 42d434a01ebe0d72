import { damagedArchive, openZip, type ZipArchive } from "../archive/zip-archive.ts";
import { ReadingBudget } from "../budget.ts";
import { readXml } from "../markup/read-xml.ts";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { OdfBody } from "./odf-body.ts";
import { readOfficeProperties } from "./office-properties.ts";

function refuseEncrypted(archive: ZipArchive, budget: ReadingBudget): void {
  readXml(archive, "META-INF/manifest.xml", budget, {
    open(name) {
      if (name !== "manifest:encryption-data") return;
      throw new UnreadableDocument(
        "encrypted",
        "This document is protected by a password. Save it without one and upload it again.",
      );
    },
    close() {},
    text() {},
  });
}

/** Reads an OpenDocument text, spreadsheet or presentation (.odt, .ods, .odp). Throws `UnreadableDocument`. */
export function parseOdf(bytes: Uint8Array, budget = new ReadingBudget("odt", bytes.length)): ParsedDocument {
  const archive = openZip(bytes);
  if (!archive?.entries.has("content.xml")) throw damagedArchive();
  refuseEncrypted(archive, budget);
  const body = new OdfBody(budget);
  readXml(archive, "content.xml", budget, body);
  return assembleDocument(body.blocks, body.slides || null, readOfficeProperties(archive, "meta.xml", budget));
}
