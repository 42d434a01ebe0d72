import type { ZipArchive } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import { listNumber } from "../office/list-number.ts";
import { readOfficeXml } from "../office/office-xml.ts";

interface Level {
  start: number;
  way: string;
  /** Its label, with `%1` for the number of the outermost level. */
  label: string;
  /** The level after which it begins anew; 0 for none. */
  restart: number | null;
  isLegal: boolean;
  style: string;
}

interface List {
  levels: Level[];
  /** A list style that says how it is numbered, instead of itself, or that it is. */
  link: string;
  styleLink: string;
  counts: (number | undefined)[];
}

interface Numbered {
  list: string;
  starts: Map<number, number>;
  levels: Map<number, Level>;
}

const mostLevels = 9;
const levelAt = (value: string | undefined) => Math.max(0, Math.min(Number(value) || 0, mostLevels - 1));
const makeLevel = (): Level => ({ start: 1, way: "decimal", label: "", restart: null, isLegal: false, style: "" });

/** The lists of a Word document, which count their items as these are met in order. */
export class DocxNumbering {
  readonly #lists = new Map<string, List>();
  readonly #numbered = new Map<string, Numbered>();
  readonly #styleLists = new Map<string, List>();

  constructor(archive: ZipArchive, member: string, budget: ReadingBudget) {
    let list: List | null = null;
    let numbered: Numbered | null = null;
    let override = 0;
    let level: Level | null = null;
    readOfficeXml(archive, member, budget, {
      open: (name, attributes) => {
        const value = attributes["w:val"] ?? "";
        if (name === "w:abstractNum") {
          budget.keep();
          list = { levels: [], link: "", styleLink: "", counts: [] };
          this.#lists.set(attributes["w:abstractNumId"] ?? "", list);
        } else if (name === "w:num") {
          budget.keep();
          numbered = { list: "", starts: new Map(), levels: new Map() };
          this.#numbered.set(attributes["w:numId"] ?? "", numbered);
        } else if (name === "w:abstractNumId" && numbered) numbered.list = value;
        else if (name === "w:lvlOverride") override = levelAt(attributes["w:ilvl"]);
        else if (name === "w:startOverride") numbered?.starts.set(override, Number(value) || 0);
        else if (name === "w:lvl") {
          level = makeLevel();
          const at = levelAt(attributes["w:ilvl"]);
          if (numbered) numbered.levels.set(at, level);
          else if (list) list.levels[at] = level;
        } else if (name === "w:numStyleLink" && list) list.link = value;
        else if (name === "w:styleLink" && list) {
          list.styleLink = value;
          this.#styleLists.set(value, list);
        } else if (level) setLevel(level, name, value);
      },
      close(name) {
        if (name === "w:abstractNum") list = null;
        else if (name === "w:num") numbered = null;
        else if (name === "w:lvl") level = null;
      },
      text() {},
    });
  }

  /** The level of a list that a style of paragraphs stands for; null where it names none. */
  levelOfStyle(id: string, style: string): number | null {
    const at = this.#listOf(id)?.levels.findIndex((level) => level?.style === style) ?? -1;
    return at < 0 ? null : at;
  }

  /** The label of the next item of a list at a level: its number, or a hyphen; null where it has none. */
  next(id: string, level: number): string | null {
    const numbered = this.#numbered.get(id);
    const list = this.#listOf(id);
    const at = levelAt(String(level));
    if (!numbered || !list) return "-";
    const own = (i: number) => numbered.levels.get(i) ?? list.levels[i] ?? makeLevel();
    const { label, way, isLegal } = own(at);
    const started = numbered.starts.get(at);
    // The first item of a list that goes on another one may begin it anew.
    if (started !== undefined) list.counts[at] = started - 1;
    numbered.starts.delete(at);
    list.counts[at] = (list.counts[at] ?? own(at).start - 1) + 1;
    for (let i = at + 1; i < mostLevels; i++) {
      const { restart } = own(i);
      if (restart === null || restart > at) list.counts[i] = undefined;
    }
    if (way === "bullet") return "-";
    const said = label.replace(/%(\d)/g, (_, digit: string) => {
      const i = Number(digit) - 1;
      return listNumber(list.counts[i] ?? own(i).start, isLegal && i < at ? "decimal" : own(i).way);
    });
    return said.replace(/\s+/g, " ").trim() || null;
  }

  #listOf(id: string): List | undefined {
    const list = this.#lists.get(this.#numbered.get(id)?.list ?? "");
    return list?.link ? (this.#styleLists.get(list.link) ?? list) : list;
  }
}

function setLevel(level: Level, name: string, value: string): void {
  if (name === "w:start") level.start = Number(value) || 0;
  else if (name === "w:numFmt") level.way = value;
  else if (name === "w:lvlText") level.label = value.slice(0, 100);
  else if (name === "w:lvlRestart") level.restart = Number(value) || 0;
  else if (name === "w:isLgl") level.isLegal = !/^(?:0|false|off)$/.test(value);
  else if (name === "w:pStyle") level.style = value;
}
