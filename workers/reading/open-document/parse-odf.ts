import { damagedArchive, entryOf, openZip, type ZipArchive } from "../archive/zip-archive.ts";
import { ReadingBudget } from "../budget.ts";
import type { XmlReader } from "../markup/read-xml.ts";
import { LeftOut } from "../office/left-out.ts";
import { readOfficeProperties } from "../office/office-properties.ts";
import { readOfficeXml } from "../office/office-xml.ts";
import { assembleDocument, type Block, type ParsedDocument } from "../parsed-document.ts";
import type { Reading } from "../reading.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { OdfBody } from "./odf-body.ts";
import { readOdfObject } from "./odf-object.ts";
import { OdfStyles } from "./odf-styles.ts";

function refuseEncrypted(archive: ZipArchive, budget: ReadingBudget): void {
  readOfficeXml(
    archive,
    "META-INF/manifest.xml",
    budget,
    {
      open(name) {
        if (name !== "manifest:encryption-data") return;
        throw new UnreadableDocument(
          "encrypted",
          "This document is protected by a password. Save it without one and upload it again.",
        );
      },
      close() {},
      text() {},
    },
    "named",
  );
}

/** Reads the common styles, and what stands at the head and foot of pages: each once. */
function readCommon(
  archive: ZipArchive,
  styles: OdfStyles,
  body: (place: "header" | "footer") => XmlReader,
  budget: ReadingBudget,
) {
  let reader: XmlReader | null = null;
  let depth = 0;
  readOfficeXml(
    archive,
    "styles.xml",
    budget,
    {
      open(name, attributes) {
        const place = /^style:(header|footer)(?:-left|-first)?$/.exec(name)?.[1] as "header" | "footer" | undefined;
        if (place && attributes["style:display"] !== "false") reader ??= body(place);
        if (reader) {
          depth++;
          reader.open(name, attributes);
        } else styles.open(name, attributes);
      },
      close(name) {
        if (!reader) return;
        reader.close(name);
        if (--depth === 0) reader = null;
      },
      text: (text) => reader?.text(text),
    },
    "named",
  );
}

const unique = (blocks: Block[]) => {
  const seen = new Set<string>();
  return blocks.filter(({ text }) => !seen.has(text) && seen.add(text));
};

/** Reads an OpenDocument text, spreadsheet or presentation (.odt, .ods, .odp). Throws `UnreadableDocument`. */
export function parseOdf(
  bytes: Uint8Array,
  budget = new ReadingBudget("odt", bytes.length),
  reading?: Pick<Reading, "leaveOut">,
): ParsedDocument {
  const archive = openZip(bytes);
  if (!archive || !entryOf(archive, "content.xml")) throw damagedArchive();
  refuseEncrypted(archive, budget);
  const leftOut = new LeftOut();
  const styles = new OdfStyles(budget);
  const makeBody = () =>
    new OdfBody(styles, budget, leftOut, (href, place) => readOdfObject(archive, href, place, budget));
  const running = { header: makeBody(), footer: makeBody() };
  readCommon(archive, styles, (place) => running[place], budget);
  const body = makeBody();
  readOfficeXml(archive, "content.xml", budget, body, "named");
  if (reading) leftOut.tell(reading);
  const blocks = [...unique(running.header.blocks), ...body.blocks, ...unique(running.footer.blocks)];
  return assembleDocument(blocks, body.slides || null, readOfficeProperties(archive, "meta.xml", budget, "named"));
}
