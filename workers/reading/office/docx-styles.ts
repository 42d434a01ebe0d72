import type { ZipArchive } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import { readXml } from "../markup/read-xml.ts";

/** What a paragraph style makes of a paragraph: a heading of a level (0 for titles), or of the table of contents, which only repeats them. */
export type StyleKind = { heading: number } | "contents";

interface Style {
  id: string;
  basedOn: string | null;
  kind: StyleKind | null;
}

/** What a style means by the name that Word gives it. */
export function kindOfName(name: string): StyleKind | null {
  const level = /^heading (\d)$/i.exec(name)?.[1];
  if (level) return { heading: Number(level) };
  if (/^title$/i.test(name)) return { heading: 0 };
  return /^toc \d/i.test(name) ? "contents" : null;
}

/** The styles that mean headings or contents, by style id: by their built-in name, their outline level, or what they derive from. */
export function readHeadingStyles(archive: ZipArchive, budget: ReadingBudget): Map<string, StyleKind> {
  const styles = new Map<string, Style>();
  let current: Style | null = null;
  readXml(archive, "word/styles.xml", budget, {
    open(name, attributes) {
      const value = attributes["w:val"] ?? "";
      if (name === "w:style") {
        current = { id: attributes["w:styleId"] ?? "", basedOn: null, kind: null };
        budget.keep();
        if (attributes["w:type"] === "paragraph") styles.set(current.id, current);
      } else if (!current) return;
      else if (name === "w:name") current.kind = kindOfName(value) ?? current.kind;
      else if (name === "w:basedOn") current.basedOn = value;
      else if (name === "w:outlineLvl" && Number(value) < 9)
        current.kind ??= { heading: Math.max(0, Number(value)) + 1 };
    },
    close(name) {
      if (name === "w:style") current = null;
    },
    text() {},
  });
  const kinds = new Map<string, StyleKind>();
  for (const style of styles.values()) {
    let ancestor: Style | undefined = style;
    for (let hops = 0; ancestor && !ancestor.kind && hops < 10; hops++) ancestor = styles.get(ancestor.basedOn ?? "");
    if (ancestor?.kind) kinds.set(style.id, ancestor.kind);
  }
  return kinds;
}
