import { hanValue, numeralOf } from "./numerals.ts";
import { withoutAccents } from "./tokens.ts";

const months = [
  "january jan januar janner janvier janv enero ene gennaio gen janeiro januari января январь stycznia январе styczen styczniu січня січень ocak ιανουαριου ιανουαριος يناير ژانویه जनवरी জানুয়ারি มกราคม ינואר",
  "february feb februar febr fevrier fevr febrero febbraio fevereiro fev februari февраля февраль lutego luty lutym лютого лютий şubat φεβρουαριου φεβρουαριος فبراير شباط فوریه फरवरी फ़रवरी ফেব্রুয়ারি กุมภาพันธ์ פברואר",
  "march mar marz maerz mars marzo marco maart mrt марта март marca marzec marcu березня березень mart μαρτιου μαρτιος مارس آذار मार्च মার্চ มีนาคม מרץ",
  "april apr avril avr abril abr aprile апреля апрель kwietnia kwiecien kwietniu квітня квітень nisan απριλιου απριλιος أبريل إبريل نيسان آوریل अप्रैल এপ্রিল เมษายน אפריל",
  "may mai mayo maggio mag maio mei мая май maja maj maju травня травень mayıs μαιου μαιος مايو أيار مه मई মে พฤษภาคม מאי",
  "june jun juni juin junio giugno giu junho июня июнь czerwca czerwiec czerwcu червня червень haziran ιουνιου ιουνιος يونيو حزيران ژوئن जून জুন มิถุนายน יוני",
  "july jul juli juillet juil julio luglio lug julho июля июль lipca lipiec lipcu липня липень temmuz ιουλιου ιουλιος يوليو تموز ژوئیه जुलाई জুলাই กรกฎาคม יולי",
  "august aug aout agosto ago augustus августа август sierpnia sierpien sierpniu серпня серпень ağustos αυγουστου αυγουστος أغسطس آب اوت अगस्त আগস্ট สิงหาคม אוגוסט",
  "september sep sept septembre septiembre settembre set setembro сентября сентябрь wrzesnia wrzesien wrzesniu вересня вересень eylül σεπτεμβριου σεπτεμβριος سبتمبر أيلول سپتامبر सितंबर सितम्बर সেপ্টেম্বর กันยายน ספטמבר",
  "october oct oktober okt octobre octubre ottobre ott outubro out октября октябрь pazdziernika pazdziernik pazdzierniku жовтня жовтень ekim οκτωβριου οκτωβριος أكتوبر اکتبر अक्टूबर अक्तूबर অক্টোবর ตุลาคม אוקטובר",
  "november nov novembre noviembre novembro ноября ноябрь listopada listopad listopadzie листопада листопад kasım νοεμβριου νοεμβριος نوفمبر نوامبر नवंबर नवम्बर নভেম্বর พฤศจิกายน נובמבר",
  "december dec dezember dez decembre diciembre dic dicembre dezembro декабря декабрь grudnia grudzien grudniu грудня грудень aralık δεκεμβριου δεκεμβριος ديسمبر دسامبر दिसंबर दिसम्बर ডিসেম্বর ธันวาคม דצמבר",
];
const monthOf = new Map(
  months.flatMap((names, i) => names.split(" ").map((name) => [withoutAccents(name), i + 1] as const)),
);

/** A date as it is compared: `2024-03-05`, with `????` and `??` for what it does not say. */
export function dateOf(year: number | null, month: number, day: number | null): string | null {
  if (month < 1 || month > 12 || (day !== null && (day < 1 || day > 31))) return null;
  const two = (value: number | null) => (value === null ? "??" : String(value).padStart(2, "0"));
  return `${year === null ? "????" : String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

export const fullYear = (year: string): number =>
  year.length > 2 ? Number(year) : Number(year) + (Number(year) < 70 ? 2000 : 1900);

/** What a date of figures alone may mean, with its end: day or month may come first where slashes or hyphens part them. */
export function datesOf(literal: string): string[] {
  const iso = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(literal);
  if (iso) return [dateOf(Number(iso[1]), Number(iso[3]), Number(iso[4]))].filter((date) => date !== null);
  const ofYear =
    /^(?<year>\d{4})-(?<month>\d{2})$/.exec(literal) ?? /^(?<month>\d{1,2})\/(?<year>\d{4})$/.exec(literal);
  const { year: inYear, month } = ofYear?.groups ?? {};
  if (ofYear && Number(month) <= 12)
    return [dateOf(Number(inYear), Number(month), null)].filter((date) => date !== null);
  const parts = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/.exec(literal);
  if (!parts) return [];
  const [, first, sign, second, year = ""] = parts;
  if (sign === "." && year.length === 2 && Number(second) > 12) return [];
  const readings = [dateOf(fullYear(year), Number(second), Number(first))];
  if (sign !== ".") readings.push(dateOf(fullYear(year), Number(first), Number(second)));
  return [...new Set(readings.filter((date) => date !== null))];
}

const ofDate = "(?: ?(?:de|del|di|of|den)(?![\\p{L}]))?";
const dayBehind = /^[ \u00a0]{1,2}(\d{1,2})(?:st|nd|rd|th)?(?![\d\p{L}:.]*\d)/u;
const yearBehind = new RegExp(`^(?:\\.?,?|${ofDate})[ \\u00a0]{1,2}(\\d{4})(?!\\d|[.,]\\d|[ \\u00a0]?[%€$])`, "u");
const dayBefore = new RegExp(
  `(?<![\\d\\p{L}.,:/])(\\d{1,2})(?:\\.|st|nd|rd|th|er|º|°|-го)?${ofDate}(?: the)?[ \\u00a0]{1,2}$`,
  "u",
);

interface Found {
  start: number;
  end: number;
  value: string;
}

/** The date around a month's name that stands at `start`: “5. März 2024”, “March 5th, 2024”, “le 1er mars”, “March 2024”. */
export function dateAround(plain: string, start: number, end: number): Found | null {
  const name = plain.slice(start, end);
  // Hebrew writes its “in” before a word.
  const month = monthOf.get(withoutAccents(name.replace(/^ב(?=\p{L})/u, "")));
  if (month === undefined) return null;
  const before = dayBefore.exec(plain.slice(Math.max(0, start - 20), start));
  const tail = plain.slice(end + (plain[end] === "." ? 1 : 0), end + 40);
  const skipped = plain[end] === "." ? 1 : 0;
  if (before) {
    const year = yearBehind.exec(tail);
    const value = dateOf(year ? Number(year[1]) : null, month, Number(before[1]));
    return value === null
      ? null
      : { start: start - before[0].length, end: year ? end + skipped + year[0].length : end, value };
  }
  const day = dayBehind.exec(tail);
  if (day && Number(day[1]) <= 31 && /^\p{Lu}/u.test(name)) {
    const year = yearBehind.exec(tail.slice(day[0].length));
    const value = dateOf(year ? Number(year[1]) : null, month, Number(day[1]));
    return value === null ? null : { start, end: end + skipped + day[0].length + (year?.[0].length ?? 0), value };
  }
  const year = yearBehind.exec(tail);
  const value = year && dateOf(Number(year[1]), month, null);
  return value ? { start, end: end + skipped + year[0].length, value } : null;
}

const count = "(\\d{1,4}|[〇零一二三四五六七八九十]{1,4})";
const eastern = new RegExp(
  `${count} ?[年년] ?(?:${count} ?[月월] ?)?(?:${count} ?[日號号일])?|${count} ?[月월] ?(?:${count} ?[日號号일])?`,
  "g",
);

const vietnamese = /(?<!\d)(?:(\d{1,2}) )?tháng (\d{1,2})(?:,? năm (\d{4}))?(?!\d)/giu;

/** Dates as Chinese, Japanese, Korean and Vietnamese write them: with a word for each part. */
export function* easternDates(plain: string): Generator<Found> {
  for (const { 0: text, index, 1: year, 2: month, 3: day, 4: m, 5: d } of plain.matchAll(eastern)) {
    if (year !== undefined && month === undefined) continue;
    const [inYear, inMonth, onDay] = [year, month ?? m, day ?? d].map((part) =>
      part === undefined ? null : /\d/.test(part) ? Number(part) : hanValue(part),
    );
    const value = dateOf(inYear ?? null, inMonth ?? 0, onDay ?? null);
    if (value) yield { start: index, end: index + text.trimEnd().length, value };
  }
  for (const { 0: text, index, 1: day, 2: month, 3: year } of plain.matchAll(vietnamese)) {
    const value = dateOf(year ? Number(year) : null, Number(month), day ? Number(day) : null);
    if (value && (day || year)) yield { start: index, end: index + text.length, value };
  }
}

const clock =
  /(?<![\d.,:/\p{L}-])(\d{1,2})(?:(?:[:.h]|[ \u00a0]h[ \u00a0])(\d{2})(?::\d{2})?)?(?![ \u00a0]?min) ?(?:([ap])\.? ?m(?:\.|(?!\p{L}))|(uhr(?!\p{L})|o'clock))?/giu;
const named: [RegExp, string][] = [
  [/(?<!\p{L})(?:noon|midday|midi|mediodía|mezzogiorno|meio-dia)(?!\p{L})/giu, "12:00"],
  [/(?<!\p{L})(?:midnight|mitternacht|minuit|medianoche|mezzanotte|meia-noite|middernacht)(?!\p{L})/giu, "00:00"],
];
const japanese =
  /(午前|午後|上午|下午|오전|오후)? ?(\d{1,2}) ?[時时点點시](?![間间간]) ?(?:(\d{1,2}) ?[分분]|(半|반))?/g;

/** “half past nine”, “quarter to 9”, “halb zehn”, “Viertel nach neun”: minutes from the hour that is named. */
const spoken =
  /(?<!\p{L})(?:(half past|halb)|(quarter past|viertel nach)|(quarter to|viertel vor)) (\p{L}{3,9}|\d{1,2})(?![\p{L}\d:])/giu;

export interface FoundTime extends Omit<Found, "value"> {
  values: string[];
}

const timeOf = (hour: number, minute: string | undefined): string | null =>
  hour > 24 || Number(minute ?? 0) > 59
    ? null
    : `${String(hour % 24).padStart(2, "0")}:${(minute ?? "00").padStart(2, "0")}`;

function clockTimes(
  hourText: string,
  minute: string | undefined,
  half: string | undefined,
  sure: boolean,
): (string | null)[] {
  const hour = Number(hourText);
  if (half && (hour < 1 || hour > 12)) return [];
  if (half) return [timeOf((hour % 12) + (/p/i.test(half) ? 12 : 0), minute)];
  // “3:00” on a clock of twelve hours says either; “03:00” and “15 Uhr” do not.
  return !sure && hour >= 1 && hour < 12 && hourText.length === 1
    ? [timeOf(hour, minute), timeOf(hour + 12, minute)]
    : [timeOf(hour, minute)];
}

function* spokenTimes(plain: string): Generator<FoundTime> {
  for (const match of plain.matchAll(spoken)) {
    const { 0: text, index, 1: half, 2: past, 4: named = "" } = match;
    const isGerman = /^(?:halb|viertel)/i.test(text);
    const hour = /\d/.test(named) ? Number(named) : (numeralOf(named, isGerman ? "de" : "en")?.value ?? 0);
    if (hour < 1 || hour > 12) continue;
    const minutes = past ? 15 : half && !isGerman ? 30 : half ? -30 : -15;
    const values = [0, 720].map((noon) => {
      const at = ((hour % 12) * 60 + minutes + noon + 1440) % 1440;
      return timeOf(Math.floor(at / 60), String(at % 60));
    });
    yield { start: index, end: index + text.length, values: values.filter((time) => time !== null) };
  }
}

/** Times of day: 15:00, 3 pm, 3:00 p.m., 15 Uhr, 15h30, noon. */
export function* timesIn(plain: string): Generator<FoundTime> {
  for (const match of plain.matchAll(clock)) {
    const { 0: text, index, 1: hour = "", 2: minute, 3: half, 4: word } = match;
    const sign = text[hour.length];
    if (!half && !word && (minute === undefined || sign === ".")) continue;
    if (sign === "." && !half && word === undefined) continue;
    const values = clockTimes(hour, minute, half, word !== undefined).filter((time) => time !== null);
    if (values.length > 0) yield { start: index, end: index + text.trimEnd().length, values };
  }
  yield* spokenTimes(plain);
  for (const [pattern, value] of named)
    for (const { 0: text, index } of plain.matchAll(pattern))
      yield { start: index, end: index + text.length, values: [value] };
  for (const { 0: text, index, 1: half, 2: hour = "", 3: minute, 4: past } of plain.matchAll(japanese)) {
    const values = clockTimes(hour, past ? "30" : minute, half && (/[後下]|오후/.test(half) ? "p" : "a"), true).filter(
      (time) => time !== null,
    );
    if (values.length > 0) yield { start: index, end: index + text.length, values };
  }
}
