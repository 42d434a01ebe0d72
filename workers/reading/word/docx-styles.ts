import type { ZipArchive } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import { readOfficeXml } from "../office/office-xml.ts";
import type { Align } from "../office/run-text.ts";

/** What a paragraph style makes of a paragraph: a heading of a level (0 for titles), or of the table of contents, which only repeats them. */
export type StyleKind = { heading: number } | "contents";

/** An item of a list: of which one, and at what level, where that is said. */
export interface ListPlace {
  list: string;
  level: number | null;
}

/** What a style makes of a paragraph or of characters, by itself and by what it derives from. */
export interface DocxStyle {
  kind: StyleKind | null;
  place: ListPlace | null;
  isHidden: boolean;
  align: Align;
}

interface Style extends DocxStyle {
  basedOn: string | null;
}

const maxHops = 10;

/** What a style means by the name that Word gives it. */
export function kindOfName(name: string): StyleKind | null {
  const level = /^heading (\d)$/i.exec(name)?.[1];
  if (level) return { heading: Number(level) };
  if (/^title$/i.test(name)) return { heading: 0 };
  return /^toc \d/i.test(name) ? "contents" : null;
}

/** Whether a property that is on or off is on. */
export const isOn = (value: string | undefined): boolean => !/^(?:0|false|off)$/.test(value ?? "");

/** What `w:vertAlign` and `w:position` mean. */
export function alignOf(name: string, value: string): Align {
  if (name === "w:position") return Number(value) > 0 ? "raised" : Number(value) < 0 ? "lowered" : null;
  return value === "superscript" ? "raised" : value === "subscript" ? "lowered" : null;
}

function setProperty(style: Style, name: string, value: string): void {
  if (name === "w:name") style.kind = kindOfName(value) ?? style.kind;
  else if (name === "w:basedOn") style.basedOn = value;
  else if (name === "w:outlineLvl" && Number(value) < 9) style.kind ??= { heading: Math.max(0, Number(value)) + 1 };
  else if (name === "w:numId") style.place = { list: value, level: style.place?.level ?? null };
  else if (name === "w:ilvl") style.place = { list: style.place?.list ?? "", level: Number(value) || 0 };
  else if (name === "w:vanish") style.isHidden = isOn(value);
  else if (name === "w:vertAlign") style.align = alignOf(name, value);
}

/** The styles of a Word document by their ids, with what they have of those that they derive from. */
export function readStyles(archive: ZipArchive, member: string, budget: ReadingBudget): Map<string, DocxStyle> {
  const styles = new Map<string, Style>();
  let current: Style | null = null;
  readOfficeXml(archive, member, budget, {
    open(name, attributes) {
      if (name === "w:style") {
        current = { basedOn: null, kind: null, place: null, isHidden: false, align: null };
        budget.keep();
        styles.set(attributes["w:styleId"] ?? "", current);
      } else if (current) setProperty(current, name, attributes["w:val"] ?? "");
    },
    close(name) {
      if (name === "w:style") current = null;
    },
    text() {},
  });
  for (const style of styles.values()) {
    let ancestor: Style | undefined = style;
    for (let hops = 0; ancestor && hops < maxHops; hops++) {
      style.kind ??= ancestor.kind;
      style.place ??= ancestor.place;
      ancestor = styles.get(ancestor.basedOn ?? "");
    }
  }
  return styles;
}
