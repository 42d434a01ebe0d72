import { cutText } from "../text/cut-text.ts";
import { sectionSeparator } from "../text/section-path.ts";

/** What of a document was not read: how many things in all, and which, those of one reason together. */
export interface LeftOut {
  count: number;
  notes: { what: string; reason: string }[];
}

/** It is stored with the document and listed with it: some lines, whatever the file holds. */
const most = { reasons: 12, things: 8, ranges: 8, ofName: 80, ofReason: 300 };

/** What is numbered stands in ranges: “Pages 2–4, 7”. */
const numbered = /^(.*)(Page|Slide|Sheet|Message|Picture|Chapter) (\d+)$/su;

/** Things of one name: how often it came, or by which numbers. */
interface Things {
  name: string;
  times: number;
  ranges: [from: number, to: number][];
}

function sayThings({ name, times, ranges }: Things): string {
  if (ranges.length === 0) return times === 1 ? name : `${name} (${times} times)`;
  const numbers = ranges.map(([from, to]) => (from === to ? from : `${from}–${to}`)).join(", ");
  return `${name}${times === 1 ? "" : "s"} ${numbers}`;
}

/** Adds a number to those of its kind; false where there are too many to name. */
function addNumber({ ranges }: Things, number: number): boolean {
  const last = ranges.at(-1);
  if (last && last[1] + 1 === number) last[1] = number;
  else if (ranges.length === most.ranges) return false;
  else ranges.push([number, number]);
  return true;
}

/** What was left out for one reason. */
class Group {
  readonly #things = new Map<string, Things>();
  /** Beyond those that are named. */
  #more = 0;

  add(label: string): void {
    const [, before = "", kind = "", number] = numbered.exec(label) ?? [];
    const name = kind ? cutText(before, most.ofName) + kind : cutText(label, most.ofName);
    const key = kind ? `${name} #` : name;
    const things = this.#things.get(key) ?? { name, times: 0, ranges: [] };
    const isNew = things.times === 0;
    if ((isNew && this.#things.size === most.things) || (kind && !addNumber(things, Number(number)))) {
      this.#more += 1;
      return;
    }
    things.times += 1;
    this.#things.set(key, things);
  }

  say(): string {
    const said = [...this.#things.values()].map(sayThings).join(", ");
    return this.#more > 0 ? `${said} and ${this.#more} more` : said;
  }
}

/** Notes what of a document is not read, while it is read. */
export class LeftOutNotes {
  #count = 0;
  readonly #groups = new Map<string, Group>();
  /** Things whose reasons are beyond those that are told. */
  #untold = 0;

  /** Notes a thing, such as “Page 3” or the name of a file; `within` are the files that it lies in, the outermost first. */
  add(what: string, reason: string, within: string[]): void {
    this.#count += 1;
    const why = cutText(reason, most.ofReason);
    const group = this.#groups.get(why) ?? new Group();
    if (!this.#groups.has(why) && this.#groups.size === most.reasons) {
      this.#untold += 1;
      return;
    }
    this.#groups.set(why, group);
    group.add([...within, what].join(sectionSeparator));
  }

  all(): LeftOut {
    const notes = [...this.#groups].map(([reason, group]) => ({ what: group.say(), reason }));
    if (this.#untold > 0) notes.push({ what: `${this.#untold} more`, reason: "For other reasons." });
    return { count: this.#count, notes };
  }
}
