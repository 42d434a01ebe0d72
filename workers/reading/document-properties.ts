import { cutText } from "../text/cut-text.ts";

/** What a document says of itself; null where it says nothing. */
export interface DocumentProperties {
  title: string | null;
  author: string | null;
  /** When it was written: an ISO 8601 date, or date and time in UTC. */
  date: string | null;
  /** BCP 47 tag of the language that most of it is in. */
  language: string | null;
}

const maxLength = 300;
/** What is looked at of what a file says: it may be as long as the file. */
const maxSaid = 2_000;
/** What programs put where nobody gave a title. */
const noTitle =
  /^(?:untitled|document\d*|presentation\d*|book\d+|powerpoint presentation|slide 1|new document|title)$/i;

function line(value: string | null | undefined): string | null {
  const text = (value ?? "")
    .trimStart()
    .slice(0, maxSaid)
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return /[\p{L}\p{N}]/u.test(text) ? cutText(text, maxLength) : null;
}

function titleOf(value: string | null | undefined): string | null {
  const text = line(value)?.replace(/^Microsoft (?:Word|PowerPoint|Excel) - /, "") ?? null;
  return text === null || noTitle.test(text) ? null : text;
}

const pdfDate = /^D?:?(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)?(\d\d)?)?\s*(?:(Z)|([+-])(\d\d)'?(\d\d)?'?)?/;

function isoOf(value: string): string | null {
  const pdf = pdfDate.exec(value);
  if (value.startsWith("D:") && pdf) {
    const [
      ,
      year,
      month = "01",
      day = "01",
      hour,
      minute = "00",
      second = "00",
      ,
      sign,
      offset = "00",
      minutes = "00",
    ] = pdf;
    if (hour === undefined) return isoOf(`${year}-${month}-${day}`);
    return isoOf(`${year}-${month}-${day}T${hour}:${minute}:${second}${sign ? `${sign}${offset}:${minutes}` : "Z"}`);
  }
  const time = Date.parse(value);
  if (Number.isNaN(time)) return null;
  const iso = new Date(time).toISOString();
  return /^\d{4}-\d\d-\d\d$/.test(value) ? value : iso;
}

/** A date in any form that documents write one in, as ISO 8601; null where it is none, or none that can be. */
export function isoDate(value: string | Date | null | undefined): string | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : isoDate(value.toISOString());
  const iso = isoOf((value ?? "").slice(0, maxSaid).trim());
  const year = Number(iso?.slice(0, 4));
  return iso !== null && year >= 1000 && year < 2200 ? iso : null;
}

function tagOf(value: string | null | undefined): string | null {
  try {
    return Intl.getCanonicalLocales((value ?? "").slice(0, maxSaid).trim().replaceAll("_", "-"))[0] ?? null;
  } catch {
    // What names no language says nothing.
    return null;
  }
}

/** Properties as they may be stored and shown, from whatever a file says. */
export function documentProperties(said: {
  title?: string | null | undefined;
  author?: string | null | undefined;
  date?: string | Date | null | undefined;
  language?: string | null | undefined;
}): DocumentProperties {
  return {
    title: titleOf(said.title),
    author: line(said.author),
    date: isoDate(said.date),
    language: tagOf(said.language),
  };
}
