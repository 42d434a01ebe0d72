import { Inflate } from "fflate";
import { UnreadableDocument } from "../unreadable-document.ts";
import { directoryAt, endLength, endSignature, placeInEntry } from "./zip-directory.ts";

interface Entry {
  method: number;
  flags: number;
  compressedSize: number;
  /** As the file claims it. */
  size: number;
  headerOffset: number;
}

/** The members of a ZIP file by name, from its central directory. */
export interface ZipArchive {
  bytes: Uint8Array;
  entries: Map<string, Entry>;
  /** The same by names as readers compare them: see `foldedName`. */
  byFoldedName: Map<string, Entry>;
  /** Whether its members claim more bytes than the file has: then some lie in others, to make much of little. */
  overlaps: boolean;
}

/** How many inflated bytes one document may still cost; shared by all members that are read of it. */
export interface InflationBudget {
  left: number;
  /** Counts the work, where somebody does: bytes that go in count as well, since they may give none. */
  spend?(bytes: number): void;
}

const directorySignature = 0x02014b50;
const localSignature = 0x04034b50;
const localHeaderSize = 30;
/** What opening a member costs of the budget, so that one cannot be referred to a million times. */
const openingCost = 4096;
/** Bytes that are inflated at once: what comes out may be a thousand times as long. */
const sliceSize = 8 * 1024;
/** Bytes that come out in the time of an operation. */
const outOfATurn = 64;
/** Deflate makes no more of a byte. */
const mostOfAByte = 1_032;
const maxEntries = 20_000;

const overlapping = () =>
  new UnreadableDocument(
    "unsafe_archive",
    "This file has parts that lie in one another, as honest programs never write them. Pack the files anew and upload the new archive.",
  );

/** What a file is that is no whole archive, or not the one that it should be. */
export const damagedArchive = (cause?: unknown) =>
  new UnreadableDocument(
    "damaged",
    "This file is damaged or not complete. Open it in the program that it was made with, save it anew, and upload the new file.",
    cause,
  );

const expandsTooFar = () =>
  new UnreadableDocument(
    "expands_too_far",
    "This file unpacks to far more than a document holds, so it was not read. Save it anew in an ordinary program and upload that, or split it.",
  );

function findDirectoryEnd(view: DataView): number {
  const earliest = Math.max(0, view.byteLength - endLength - 0xffff);
  for (let at = view.byteLength - endLength; at >= earliest; at--)
    if (view.getUint32(at, true) === endSignature) return at;
  return -1;
}

/** A name as names of parts are compared: in any case, and with either slash between folders. */
export const foldedName = (name: string): string => name.replaceAll("\\", "/").replace(/^\/+/, "").toLowerCase();

/** A member by its name, or one whose name differs only in what makes no other part of an Office document. */
export function entryOf({ entries, byFoldedName }: ZipArchive, name: string): Entry | undefined {
  const found = entries.get(name) ?? byFoldedName.get(foldedName(name));
  if (found || !name.includes("%")) return found;
  try {
    return byFoldedName.get(foldedName(decodeURIComponent(name)));
  } catch {
    // A percent sign that is none of an address.
    return undefined;
  }
}

/** What the bytes from 128 on mean in the code page 437 of old packing programs, as far as they are letters. */
const oldLetters = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿";

/** Programs that do not write UTF-8 mostly do not say so either. */
function memberName(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8, so of an old program.
    return [...bytes]
      .map((byte) => (byte < 128 ? String.fromCharCode(byte) : (oldLetters[byte - 128] ?? "_")))
      .join("");
  }
}

/** Reads the list of members, and nothing of their contents. Null where the bytes are no ZIP file that can be read. */
export function openZip(bytes: Uint8Array): ZipArchive | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findDirectoryEnd(view);
  if (end < 0) return null;
  const directory = directoryAt((at, length) => bytes.subarray(at, at + length), end);
  let at = directory.start;
  const entries = new Map<string, Entry>();
  const byFoldedName = new Map<string, Entry>();
  let claimed = 0;
  for (let i = 0; i < Math.min(directory.count, maxEntries); i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== directorySignature) return null;
    const nameLength = view.getUint16(at + 28, true);
    const name = memberName(bytes.subarray(at + 46, at + 46 + nameLength));
    const entry = {
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      ...placeInEntry(view, at),
    };
    claimed += localHeaderSize + entry.compressedSize;
    entries.set(name, entry);
    const folded = foldedName(name);
    if (!byFoldedName.has(folded)) byFoldedName.set(folded, entry);
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return { bytes, entries, byFoldedName, overlaps: claimed > bytes.length };
}

function compressedBytes({ bytes }: ZipArchive, entry: Entry): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = entry.headerOffset;
  if (at + localHeaderSize > bytes.length || view.getUint32(at, true) !== localSignature) throw damagedArchive();
  const start = at + localHeaderSize + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (start + entry.compressedSize > bytes.length) throw damagedArchive();
  return bytes.subarray(start, start + entry.compressedSize);
}

/**
 * Hands a member's bytes to `onBytes` piece by piece. What is counted is the bytes that really come out, never the sizes that
 * the file claims. Throws `UnreadableDocument` past the budget, and for damaged or encrypted members.
 */
export function readMember(
  archive: ZipArchive,
  name: string,
  budget: InflationBudget,
  onBytes: (bytes: Uint8Array) => void,
) {
  const entry = entryOf(archive, name);
  if (!entry) return;
  if (archive.overlaps) throw overlapping();
  if (entry.flags & 1) {
    throw new UnreadableDocument(
      "encrypted",
      "This document is protected by a password. Remove it and upload it again.",
    );
  }
  const spend = (bytes: Uint8Array) => {
    budget.left -= bytes.length;
    if (budget.left < 0) throw expandsTooFar();
    budget.spend?.(Math.ceil(bytes.length / outOfATurn));
    onBytes(bytes);
  };
  budget.left -= openingCost;
  const compressed = compressedBytes(archive, entry);
  if (entry.method === 0) return spend(compressed);
  if (entry.method !== 8) throw damagedArchive();
  try {
    const inflate = new Inflate(spend);
    for (let at = 0; at < compressed.length; at += sliceSize) {
      const slice = compressed.subarray(at, at + sliceSize);
      budget.spend?.(slice.length);
      inflate.push(slice, at + sliceSize >= compressed.length);
    }
  } catch (cause) {
    throw cause instanceof UnreadableDocument ? cause : damagedArchive(cause);
  }
}

/**
 * A whole member, in memory of its own. One that claims more than is left of the budget is not begun with, and one that is more than it
 * claims is damaged. Throws as `readMember` does.
 */
export function memberBytes(archive: ZipArchive, name: string, budget: InflationBudget): Uint8Array {
  const { size, compressedSize } = entryOf(archive, name) ?? { size: 0, compressedSize: 0 };
  if (size > budget.left) throw expandsTooFar();
  if (size > mostOfAByte * (compressedSize + 1)) throw damagedArchive();
  const whole = new Uint8Array(size);
  let length = 0;
  readMember(archive, name, budget, (bytes) => {
    if (length + bytes.length > size) throw damagedArchive();
    whole.set(bytes, length);
    length += bytes.length;
  });
  return whole.subarray(0, length);
}

/** Hands a member to `onText` piece by piece: UTF-16 where a mark says so, else UTF-8. Throws as `readMember` does. */
export function readTextMember(
  archive: ZipArchive,
  name: string,
  budget: InflationBudget,
  onText: (text: string) => void,
) {
  let decoder: TextDecoder | null = null;
  readMember(archive, name, budget, (bytes) => {
    const mark = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
    decoder ??= new TextDecoder(mark === 0xfffe ? "utf-16le" : mark === 0xfeff ? "utf-16be" : "utf-8");
    onText(decoder.decode(bytes, { stream: true }));
  });
}
