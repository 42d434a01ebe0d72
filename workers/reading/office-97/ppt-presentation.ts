import { damagedArchive } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import type { CompoundFile } from "./compound-file.ts";
import { viewOf } from "./doc-file.ts";
import { type PptRecord, PptRecords } from "./ppt-records.ts";

const types = {
  document: 0x3e8,
  slide: 0x3ee,
  notes: 0x3f0,
  notesAtom: 0x3f1,
  slideRef: 0x3f3,
  list: 0xff0,
  edit: 0xff5,
  places: 0x1772,
  textKind: 0xf9f,
  characters: 0xfa0,
  bytes: 0xfa8,
};
const encryptedToken = 0xf3d1c4df;

/** A text of a slide: a title, or another. */
export interface SlideText {
  /** Without empty lines: however often it is shown, they are looked for once. */
  text: string;
  isTitle: boolean;
  /** Text of the speaker's notes, where it stands on a page of them. */
  isNote: boolean;
}

/** A slide, with the texts that the presentation keeps outside of it, and its notes. */
export interface PptSlide {
  container: PptRecord;
  outline: SlideText[];
  notes: PptRecord | null;
}

/** Where records are that the presentation refers to by number; a later saving goes before an earlier one. */
function readPlaces(records: PptRecords, newest: number): { places: Map<number, number>; document: number } {
  const places = new Map<number, number>();
  const seen = new Set<number>();
  let document = 0;
  for (let at = newest; at !== 0 && !seen.has(at); ) {
    seen.add(at);
    const edit = records.at(at);
    if (edit?.type !== types.edit || edit.data.length < 28) throw damagedArchive();
    const view = viewOf(edit.data);
    // With one number more, it is that of the key.
    if (edit.data.length >= 32 && view.getUint32(28, true) !== 0) throw protectedPresentation();
    document ||= view.getUint32(16, true);
    const directory = records.at(view.getUint32(12, true));
    if (directory?.type !== types.places) throw damagedArchive();
    const list = viewOf(directory.data);
    for (let i = 0; i + 4 <= directory.data.length; ) {
      const range = list.getUint32(i, true);
      i += 4;
      for (let n = 0; n < range >>> 20 && i + 4 <= directory.data.length; n++, i += 4) {
        const id = (range & 0xfffff) + n;
        records.budget.spend(5);
        if (places.has(id)) continue;
        records.budget.keep();
        places.set(id, list.getUint32(i, true));
      }
    }
    at = view.getUint32(8, true);
  }
  return { places, document };
}

const protectedPresentation = () =>
  new UnreadableDocument("encrypted", "This presentation is protected by a password. Remove it and upload it again.");

/** Paragraphs end with returns, and lines in them with vertical tabs. */
const linesOf = (text: string) =>
  text
    .split(/[\r\v]/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");

/** The text of a record, or null where it is another kind of record. */
function textOf({ type, data }: PptRecord): string | null {
  if (type === types.characters) return new TextDecoder("utf-16le").decode(data);
  if (type === types.bytes) return new TextDecoder("utf-16le").decode(widen(data));
  return null;
}

/** One byte each are the first 256 characters of Unicode. */
function widen(bytes: Uint8Array): Uint8Array {
  const wide = new Uint8Array(2 * bytes.length);
  for (let i = 0; i < bytes.length; i++) wide[2 * i] = bytes[i] ?? 0;
  return wide;
}

/** Gathers texts from records as they follow each other: what each is stands before it. */
export class TextReader {
  #kind = 4;
  readonly #budget: ReadingBudget;

  constructor(budget: ReadingBudget) {
    this.#budget = budget;
  }

  /** The text that `record` is, if it is one. */
  read(record: PptRecord): SlideText | null {
    if (record.type === types.textKind) this.#kind = record.data[0] ?? 4;
    const text = textOf(record);
    if (text !== null) this.#budget.spend(record.data.length);
    return text === null
      ? null
      : { text: linesOf(text), isTitle: this.#kind === 0 || this.#kind === 6, isNote: this.#kind === 2 };
  }
}

interface Listed {
  place: number;
  id: number;
  texts: SlideText[];
}

/** The slides (0) or notes (2) that a document lists, with the texts that stand in the list. */
function listed(records: PptRecords, document: PptRecord, instance: number, places: Map<number, number>): Listed[] {
  const found: Listed[] = [];
  for (const list of records.in(document)) {
    if (list.type !== types.list || list.instance !== instance) continue;
    let texts = new TextReader(records.budget);
    for (const record of records.in(list)) {
      if (record.type === types.slideRef && record.data.length >= 16) {
        const view = viewOf(record.data);
        found.push({ place: places.get(view.getUint32(0, true)) ?? -1, id: view.getUint32(12, true), texts: [] });
        texts = new TextReader(records.budget);
        continue;
      }
      const text = texts.read(record);
      if (text) found.at(-1)?.texts.push(text);
    }
  }
  return found;
}

/** The slides of a presentation of PowerPoint 97 to 2003 in order ([MS-PPT]). Throws `UnreadableDocument`, and `RangeError` where places lead out of the file. */
export function readPresentation(
  file: CompoundFile,
  budget: ReadingBudget,
): { records: PptRecords; slides: PptSlide[] } {
  const [stream, user] = [file.stream("PowerPoint Document"), file.stream("Current User")];
  if (!stream || !user || user.length < 20) throw damagedArchive();
  if (viewOf(user).getUint32(12, true) === encryptedToken) throw protectedPresentation();
  const records = new PptRecords(stream, budget);
  const { places, document: number } = readPlaces(records, viewOf(user).getUint32(16, true));
  const document = records.at(places.get(number) ?? stream.length);
  if (document?.type !== types.document) throw damagedArchive();
  const notes = new Map<number, PptRecord>();
  for (const { place } of listed(records, document, 2, places)) {
    const page = place < 0 ? null : records.at(place);
    if (page?.type !== types.notes) continue;
    for (const atom of records.in(page))
      if (atom.type === types.notesAtom && atom.data.length >= 4) notes.set(viewOf(atom.data).getUint32(0, true), page);
  }
  const slides: PptSlide[] = [];
  const seen = new Set<number>();
  for (const { place, id, texts } of listed(records, document, 0, places)) {
    // No slide is shown twice, unless to make much of little.
    const container = place < 0 || seen.has(place) ? null : records.at(place);
    seen.add(place);
    if (container?.type === types.slide) slides.push({ container, outline: texts, notes: notes.get(id) ?? null });
  }
  return { records, slides };
}
