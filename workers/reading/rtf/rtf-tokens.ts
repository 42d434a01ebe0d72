import type { ReadingBudget } from "../budget.ts";

/** What is told of a rich text file as it is read: groups, control words (symbols are words of one character), and text. */
export interface RtfReader {
  /** Whether text that comes now would be thrown away, as that of pictures is. */
  readonly isSkipping: boolean;
  openGroup(): void;
  closeGroup(): void;
  /** A control word with its number; null where it has none. */
  control(word: string, parameter: number | null): void;
  /** One byte of text in the encoding of the font that is in force. */
  byte(byte: number): void;
}

const backslash = 0x5c;
const braceOpen = 0x7b;
const braceClose = 0x7d;
const minus = 0x2d;
const space = 0x20;
/** Longer words and numbers are none; a number of 32 bits with its sign has eleven characters. */
const maxWord = 40;
const maxDigits = 11;

const isLetter = (byte: number) => (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;

/** Reads the control word or symbol behind a backslash; returns where the next token begins. */
function readControl(bytes: Uint8Array, from: number, reader: RtfReader): number {
  let at = from;
  const first = bytes[at] ?? 0;
  if (!isLetter(first)) {
    if (first !== 0x27) {
      reader.control(String.fromCharCode(first), null);
      return at + 1;
    }
    const hex = Number.parseInt(String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0), 16);
    if (!Number.isNaN(hex)) reader.byte(hex);
    return at + 3;
  }
  while (at - from < maxWord && isLetter(bytes[at] ?? 0)) at++;
  const word = String.fromCharCode(...bytes.subarray(from, at));
  const numberFrom = at;
  if (bytes[at] === minus && isDigit(bytes[at + 1] ?? 0)) at++;
  while (at - numberFrom < maxDigits && isDigit(bytes[at] ?? 0)) at++;
  const parameter = at > numberFrom ? Number(String.fromCharCode(...bytes.subarray(numberFrom, at))) : null;
  if (bytes[at] === space) at++;
  reader.control(word, parameter);
  // What follows `\bin` is no text, whatever it looks like.
  return word === "bin" ? at + Math.max(0, parameter ?? 0) : at;
}

/** Where the next control word or group begins. */
function endOfText(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === backslash || byte === braceOpen || byte === braceClose) break;
  }
  return at;
}

/** Streams a rich text file through `reader`. False where the file ends before its outermost group does. A brace that closes nothing is passed over. */
export function readRtf(bytes: Uint8Array, reader: RtfReader, budget: ReadingBudget): boolean {
  const lastBrace = bytes.lastIndexOf(braceClose);
  let depth = 0;
  for (let at = 0; at < bytes.length; ) {
    const [byte, from] = [bytes[at] ?? 0, at++];
    if (byte === backslash) at = readControl(bytes, at, reader);
    else if (byte === braceOpen) {
      depth++;
      reader.openGroup();
    } else if (byte === braceClose) {
      if (depth > 1) {
        depth--;
        reader.closeGroup();
      } else if (from >= lastBrace) return true;
    } else if (reader.isSkipping) at = endOfText(bytes, at);
    else if (byte !== 0x0a && byte !== 0x0d && byte !== 0) reader.byte(byte);
    budget.spend(Math.min(at, bytes.length) - from);
  }
  return false;
}
