/** A unit, by what it is a multiple of: 1 kg is 1000 g. */
export interface Unit {
  name: string;
  factor: number;
}

/** Base unit, factor, and what the unit is called: signs keep their case where another unit has the other one. */
const table: [base: string, factor: number, names: string][] = [
  ["g", 1e6, "t tonne tonnes tonnen tonnellate toneladas tonelada ton tons тонн тонна т トン 吨 톤"],
  [
    "g",
    1e3,
    "kg kgs kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogramo kilogramos chilogrammo chilogrammi chili quilograma quilogramas quilo quilos кг 公斤 千克",
  ],
  ["g", 1, "g gram grams gramm gramme grammes gramo gramos grammo grammi grama gramas г 克"],
  ["g", 1e-3, "mg milligram milligrams milligramm milligramme milligrammes miligramo miligramos milligrammi мг 毫克"],
  ["g", 1e-6, "µg μg mcg microgram micrograms mikrogramm"],
  ["lb", 1, "lb lbs"],
  [
    "m",
    1e3,
    "km kms kilometer kilometers kilometre kilometres kilometern kilomètre kilomètres kilómetro kilómetros chilometro chilometri quilómetros quilômetros quilómetro км 公里 千米",
  ],
  ["m", 1, "m meter meters metre metres metern mètre mètres metro metros metri м 米"],
  [
    "m",
    1e-2,
    "cm centimeter centimeters centimetre centimetres zentimeter zentimetern centimètre centimètres centímetro centímetros centimetri см 厘米",
  ],
  [
    "m",
    1e-3,
    "mm millimeter millimeters millimetre millimetres millimetern millimètre millimètres milímetro milímetros millimetri мм 毫米",
  ],
  ["m", 1e-6, "µm μm micrometer micrometers mikrometer"],
  ["in", 1, "inch inches zoll"],
  ["ft", 1, "ft feet foot"],
  ["mile", 1, "mile miles meile meilen"],
  ["m2", 1, "m² m^2 m2 qm sqm sq.m quadratmeter quadratmetern"],
  ["m3", 1, "m³ m^3 m3 cbm kubikmeter kubikmetern"],
  ["l", 1, "l L liter liters litre litres litern litro litros litri л 升 リットル"],
  ["l", 1e-3, "ml mL milliliter milliliters millilitre millilitres milliliters mililitros мл 毫升"],
  ["l", 1e-1, "dl deciliter"],
  ["l", 1e2, "hl hectolitre hectoliter hektoliter"],
  [
    "day",
    1,
    "d day days tag tage tagen tages jour jours día días giorno giorni dia dias dag dagen день дня дней 天 日間 일",
  ],
  ["day", 7, "week weeks woche wochen semaine semaines semana semanas settimana settimane weken 周 週間 週"],
  [
    "day",
    1 / 24,
    "h hr hrs hour hours stunde stunden std heure heures hora horas ora ore uur uren час часа часов 小时 小時 時間 시간",
  ],
  ["day", 1 / 1440, "min mins minute minutes minuten minuto minutos minuti minuut мин минут 分钟 分鐘 分間 분"],
  ["day", 1 / 86400, "s sec secs sek seconds sekunde sekunden seconde secondes segundos secondi seconden 秒 초"],
  ["day", 1 / 864e5, "ms millisecond milliseconds millisekunden"],
  [
    "month",
    1,
    "month months monat monate monaten mois mes meses mese mesi mês maand maanden месяц месяца месяцев 个月 個月 か月 ヶ月 カ月 개월",
  ],
  [
    "month",
    12,
    "year years yr yrs jahr jahre jahren jahres an ans année années año años anno anni ano anos jaar jaren год года лет 年間",
  ],
  ["month", 120, "decade decades jahrzehnt jahrzehnte jahrzehnten décennie décennies"],
  ["degree", 1, "°"],
  ["°C", 1, "°C ℃ °c celsius"],
  ["°F", 1, "°F ℉ fahrenheit"],
  ["W", 1e6, "MW megawatt megawatts"],
  ["W", 1e3, "kW kilowatt kilowatts"],
  ["W", 1, "W watt watts"],
  ["Wh", 1e6, "MWh megawattstunden"],
  ["Wh", 1e3, "kWh kilowattstunden kilowattstunde"],
  ["V", 1e3, "kV kilovolt"],
  ["V", 1, "V volt volts"],
  ["A", 1, "A ampere amperes amp amps"],
  ["A", 1e-3, "mA"],
  ["A h", 1e-3, "mAh"],
  ["Hz", 1e9, "GHz"],
  ["Hz", 1e6, "MHz"],
  ["Hz", 1e3, "kHz"],
  ["Hz", 1, "Hz hertz"],
  ["B", 1e12, "TB terabyte terabytes"],
  ["B", 1e9, "GB gigabyte gigabytes Go"],
  ["B", 1e6, "MB megabyte megabytes Mo"],
  ["B", 1e3, "kB KB kilobyte kilobytes"],
  ["B", 1, "byte bytes"],
  ["MiB", 1024, "GiB"],
  ["MiB", 1, "MiB"],
  ["bit", 1, "bit bits"],
  ["Pa", 1e5, "bar"],
  ["Pa", 100, "hPa"],
  ["Pa", 1e3, "kPa"],
  ["Pa", 1e6, "MPa"],
  ["N", 1e3, "kN"],
  ["N", 1, "N newton"],
  ["Nm", 1, "Nm"],
  ["J", 1e3, "kJ"],
  ["kcal", 1, "kcal"],
  ["km/h", 1, "km/h kph kmh"],
  ["m/s", 1, "m/s"],
  ["mph", 1, "mph"],
  ["dB", 1, "dB db"],
  ["rpm", 1, "rpm U/min"],
  ["%", 1, "% percent prozent pourcent procent percento процент процента процентов パーセント 퍼센트"],
  ["%p", 1, "prozentpunkte prozentpunkten pp"],
  ["%", 0.1, "‰ promille permille"],
  ["ppm", 1, "ppm"],
  ["EUR", 1, "€ EUR eur euro euros евро ユーロ 欧元"],
  ["USD", 1, "$ US$ USD usd dollar dollars dólar dólares dollari US-dollar ドル 美元 달러"],
  ["GBP", 1, "£ GBP gbp sterling"],
  ["CHF", 1, "CHF chf franken fr. sfr"],
  ["JPY", 1, "JPY yen 円 엔"],
  ["CNY", 1, "CNY RMB yuan 元 人民币"],
  ["INR", 1, "₹ INR Rs rs rupee rupees rupien रुपये"],
  ["KRW", 1, "₩ KRW 원"],
  ["RUB", 1, "₽ RUB руб рублей рубля рубль"],
  ["PLN", 1, "PLN zł złotych"],
  ["BRL", 1, "R$ BRL reais"],
  ["SEK", 1, "SEK kronor"],
  ["THB", 1, "฿ THB บาท"],
  ["cent", 1, "cents cent centimes céntimos centesimi ¢"],
];

const units = new Map<string, Unit>();
for (const [name, factor, names] of table) for (const each of names.split(" ")) units.set(each, { name, factor });

const currencies = new Set("EUR USD GBP CHF JPY CNY INR KRW RUB PLN BRL SEK THB cent".split(" "));
export const isMoney = (unit: Unit | null): boolean => unit !== null && currencies.has(unit.name);

/** By the names of all units, longest first, at one place of a text. */
const escaped = [...units.keys()]
  .sort((a, b) => b.length - a.length)
  .map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
const signs = new RegExp(
  `(?:${escaped.filter((name) => /^[^\p{L}]|[^\p{L}\p{M}-]/u.test(name)).join("|")})(?![\\p{L}\\d])`,
  "uy",
);
const cjk = new RegExp(
  `(?:${escaped.filter((name) => /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u.test(name)).join("|")})`,
  "uy",
);
const word = /\p{L}[\p{L}\p{M}]*(?:\^?[23²³]|-[Dd]ollars?)?(?![\p{L}\d])/uy;
const areas: [RegExp, string][] = [
  [
    /(?:square|mètres? carrés?|metros? cuadrados?|metri quadr[ai]t?i?|metros? quadrados?|vierkante)(?: met(?:er|re)s?)?/iuy,
    "m2",
  ],
  [/cubic met(?:er|re)s?|mètres? cubes?|metros? cúbicos?|metri cubi/iuy, "m3"],
  [/(?:percentage|procent) points?|points? de pourcentage|puntos? porcentuales|punti percentuali/iuy, "%p"],
  [/per ?cent(?!\p{L})|pour cent|por cien(?:to)?|per cento|v\. ?H\./iuy, "%"],
  [/(?:° ?|(?:degrees?|grad|degrés?|grados|gradi|graus|graden) )(?:C(?:elsius)?|centigrade)(?!\p{L})/iuy, "°C"],
  [/(?:° ?|(?:degrees?|grad) )F(?:ahrenheit)?(?!\p{L})/iuy, "°F"],
  [/(?:degrees?|grad|degrés?|grados|gradi|graus|graden)(?!\p{L})/iuy, "degree"],
  [/(?:pounds?|livres?) sterling/iuy, "GBP"],
  [/US[- ]dollars?|dólares estadounidenses/iuy, "USD"],
  [/(?:kilomet(?:er|re)s?|km) (?:per|pro|an) (?:hour|stunde)/iuy, "km/h"],
];

const matchAt = (pattern: RegExp, text: string, at: number): string | null => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
};

/** A unit by its name, as it stands or in lower case. */
export function unitCalled(name: string): Unit | null {
  return units.get(name) ?? (name.length > 2 ? units.get(name.toLowerCase()) : undefined) ?? null;
}

/** The unit that a text names at one place, and where its name ends. */
export function unitAt(text: string, at: number): { unit: Unit; end: number } | null {
  for (const [pattern, name] of areas) {
    const found = matchAt(pattern, text, at);
    if (found) return { unit: { name, factor: 1 }, end: at + found.length };
  }
  for (const pattern of [signs, cjk, word]) {
    const found = matchAt(pattern, text, at);
    const unit = found === null ? null : unitCalled(found);
    if (found && unit) return { unit, end: at + found.length };
  }
  return null;
}

/** Signs and codes of currencies that stand before their amount. */
const before =
  /(?:US\$|R\$|[€$£₹₩₽฿]|(?<!\p{L})(?:EUR|USD|GBP|CHF|JPY|CNY|RMB|INR|Rs\.?|Fr\.|PLN|SEK|euros?))[ \u00a0]?$/u;

/** The currency that a text names right before a place. */
export function currencyBefore(text: string, at: number): { unit: Unit; start: number } | null {
  const found = before.exec(text.slice(Math.max(0, at - 6), at))?.[0];
  const unit = found
    ? unitCalled(
        found
          .trim()
          .replace(/^Fr\.$/, "CHF")
          .replace(/\.$/, ""),
      )
    : null;
  return found && unit ? { unit, start: at - found.length } : null;
}

const scaleWords: [factor: number, names: string][] = [
  [1e3, "thousand thousands tausend tsd mille mila mil duizend тыс тысяч тысячи тысяча千 천"],
  [
    1e6,
    "million millions mio mill mln millionen millón millones milione milioni milhão milhões miljoen мн млн миллион миллиона миллионов مليون",
  ],
  [
    1e9,
    "billion billions bn mrd milliarde milliarden milliard milliards miliardo miliardi miljard млрд миллиард миллиардов مليار",
  ],
  [1e12, "trillion trillions billionen bio трлн"],
  [1e5, "lakh lakhs lac लाख"],
  [1e7, "crore crores करोड़"],
  [12, "dozen dozens dutzend douzaine douzaines docena docenas dozzina dúzia dúzias dozijn"],
  [1e4, "万 萬 만"],
  [1e8, "億 亿 억"],
  [1e12, "兆 조"],
];
const scales = new Map(
  scaleWords.flatMap(([factor, names]) => names.split(" ").map((name) => [name, factor] as const)),
);
const scaleAt = /[ \u00a0-]?(?:([\p{sc=Han}\p{sc=Hangul}])|(\p{L}[\p{L}\p{M}]*)\.?(?![\p{L}\d]))/uy;
const short: Record<string, number> = { k: 1e3, K: 1e3, m: 1e6, M: 1e6, bn: 1e9, b: 1e9, B: 1e9 };

/** How many times a number is meant (“1.5 million”, “30k”), by what stands behind it; letters alone count where money is meant. */
export function scaleBehind(text: string, at: number, money: boolean): { factor: number; end: number } | null {
  scaleAt.lastIndex = at;
  const found = scaleAt.exec(text);
  if (!found) return null;
  const name = found[1] ?? found[2] ?? "";
  const glued = found[0].startsWith(name);
  const end = at + found[0].length;
  if (found[1] === undefined && glued && (name === "k" || name === "K" || (money && name in short)))
    return { factor: short[name] ?? 1, end: at + name.length };
  const factor = scales.get(name) ?? scales.get(name.toLowerCase());
  return factor === undefined ? null : { factor, end };
}
