import { damagedArchive, type ZipArchive } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import { memberOf } from "../office/office-relations.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { localName, readXml } from "./read-xml.ts";

/** Only shuffles the bytes of fonts. */
const fontObfuscation = /^http:\/\/(?:www\.idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc)/;

/** What an e-book is made of. */
export interface EpubPackage {
  /** The member with the list of its parts and what it says of itself. */
  member: string;
  /** Members of its chapters in reading order. */
  chapters: string[];
  /** Chapters that are named and not there. */
  missing: string[];
  /** Members that hold a table of contents. */
  contents: Set<string>;
}

/** Where a reference in `from` leads; without what stands behind `#`. */
export function linkedMember(from: string, href: string): string {
  const end = href.search(/[#?]/);
  const path = end < 0 ? href : href.slice(0, end);
  try {
    return memberOf(from, decodeURIComponent(path));
  } catch {
    // Not escaped: a name with a percent sign in it.
    return memberOf(from, path);
  }
}

const nothing = () => undefined;

/** The member that `META-INF/container.xml` names. */
function rootFile(archive: ZipArchive, budget: ReadingBudget): string {
  let found = "";
  readXml(
    archive,
    "META-INF/container.xml",
    budget,
    {
      open(name, attributes) {
        if (localName(name) === "rootfile") found ||= attributes["full-path"] ?? "";
      },
      close: nothing,
      text: nothing,
    },
    "named",
  );
  if (!archive.entries.has(found)) throw damagedArchive();
  return found;
}

/** Reads which parts an e-book has, and in which order. Throws `UnreadableDocument`. */
export function readPackage(archive: ZipArchive, budget: ReadingBudget): EpubPackage {
  const member = rootFile(archive, budget);
  const items = new Map<string, string>();
  const chapters: string[] = [];
  const missing: string[] = [];
  const contents = new Set<string>();
  const seen = new Set<string>();
  readXml(
    archive,
    member,
    budget,
    {
      open(qualified, { id = "", href, idref = "", properties = "", "media-type": type = "" }) {
        const name = localName(qualified);
        if (name === "item" && href !== undefined) {
          const part = linkedMember(member, href);
          items.set(id, part);
          if (/\bnav\b/.test(properties) || type === "application/x-dtbncx+xml") contents.add(part);
        } else if (name === "itemref") {
          const part = items.get(idref);
          if (part && !seen.has(part)) (archive.entries.has(part) ? chapters : missing).push(part);
          if (part) seen.add(part);
        }
      },
      close: nothing,
      text: nothing,
    },
    "named",
  );
  return { member, chapters, missing, contents };
}

/** Throws `UnreadableDocument` where a chapter is locked by rights management. */
export function refuseLocked(archive: ZipArchive, { chapters }: EpubPackage, budget: ReadingBudget): void {
  const locked = new Set(chapters);
  let algorithm = "";
  readXml(archive, "META-INF/encryption.xml", budget, {
    open(qualified, attributes) {
      const name = localName(qualified);
      if (name === "EncryptionMethod") algorithm = attributes.Algorithm ?? "";
      if (name !== "CipherReference" || fontObfuscation.test(algorithm)) return;
      if (locked.has(linkedMember("", attributes.URI ?? "")))
        throw new UnreadableDocument(
          "encrypted",
          "This e-book is locked by its shop (DRM), so it cannot be read. Upload an edition without a lock.",
        );
    },
    close: nothing,
    text: nothing,
  });
}
