import { describe, expect, it } from "vitest";
import { type ReadNumber, readCodes, readNumbers } from "./numbers.ts";
import { saysNumber } from "./numbers-agree.ts";

/** What was read, in short: `1500 kg` as `1500×1000 g`. */
const short = ({ values, unit }: ReadNumber) =>
  `${values.join("|")}${unit ? `${unit.factor === 1 ? "" : `×${Number(unit.factor.toPrecision(6))}`} ${unit.name}` : ""}`;
const read = (text: string) => readNumbers(text).map(short);

describe("numbers", () => {
  it.each([
    ["Der Turmkran kostet 30.000 Euro und ist da.", ["30000 EUR"]],
    ["Die Dosis beträgt 1,5 mg.", ["1.5×0.001 g"]],
    ["The tower costs 30,000 euros.", ["30000 EUR"]],
    ["It is priced at 30.000 in the list.", ["30000|30"]],
    ["It is 30.000 long, and the other is 2.5 long.", ["30", "2.5"]],
    ["La grue coûte 30 000 euros dans le port.", ["30000 EUR"]],
    ["La grue coûte 1 234 567,89 € dans le port.", ["1234567.89 EUR"]],
    ["Der Preis ist CHF 30'000.50 oder 30’000", ["30000.5 CHF", "30000"]],
    ["The price of the lot is ₹1,50,000 or 1.5 lakh", ["150000 INR", "150000"]],
    ["٣٠٠ و ۱۲۳ و १२३ และ ๓๐๐", ["300", "123", "123", "300"]],
    ["４２，０００円", ["42000 JPY"]],
    ["三十人, 1億2000万円, 三万五千, 两个", ["30", "120000000 JPY", "35000", "2"]],
    ["1.5 million euros, 1,5 Mio. EUR, €1.5m, 1500k", ["1500000 EUR", "1500000 EUR", "1500000 EUR", "1500000"]],
    ["10^6 litres, 10⁶, 1.5 × 10^6, $25^1 and $25¹", ["1000000 l", "1000000", "1500000", "25 USD", "25 USD"]],
    ["-5 °C, −10 °C, minus 3 degrees Celsius", ["-5 °C", "-10 °C", "-3 °C"]],
    ["½, 1½, 1 1/2, 3/4", ["0.5", "1.5", "1.5", "0.75"]],
    ["40 % or 40 percent or 40 per cent or 40 Prozent", ["40 %", "40 %", "40 %", "40 %"]],
    ["5–7 kg, 10 to 20 %", ["5×1000 g", "7×1000 g", "10 %", "20 %"]],
    ["10 m², 20 km/h, 3 kWh, a 24-month term", ["10 m2", "20 km/h", "3×1000 Wh", "24 month"]],
    ["the 1990s, FY2024 and the 5th", ["1990", "2024", "5"]],
    ["chapter IV", ["4"]],
    ["Aug. 5–9, 2024", ["2024-08-05", "2024-08-09"]],
    ["5 to 9 August 2024", ["2024-08-05", "2024-08-09"]],
    ["vom 5. bis 9. August 2024", ["2024-08-05", "2024-08-09"]],
    ["2 tys. zł, 1,5 miliona złotych, 5 kilogramów", ["2000 PLN", "1500000 PLN", "5×1000 g"]],
    ["1,5 мільйона гривень і 24 місяці", ["1500000 UAH", "24 month"]],
    ["1,5 milyon liradır, 24 aydır", ["1500000 TRY", "24 month"]],
    ["1,5 triệu đồng, 2 năm", ["1500000 VND", "2×12 month"]],
    ["สินค้า 1.5 ล้านบาท, 24 เดือน", ["1500000 THB", "24 month"]],
    ["2 εκατομμύρια ευρώ και 7 τοις εκατό", ["2000000 EUR", "7 %"]],
    ["7 في المئة، 24 شهرًا", ["7 %", "24 month"]],
    ["1.5 मिलियन नहीं, 7 प्रतिशत और 2 साल", ["1.5", "7 %", "2×12 month"]],
    [
      "10 mi, 50 cl, 2 ha, 8 oz, 1 Gbit/s, 50 basis points",
      ["10 mile", "50×0.01 l", "2×10000 m2", "8 oz", "1×1000000000 bit/s", "50×0.01 %p"],
    ],
  ])("of %s", (text, numbers) => {
    expect(read(text)).toEqual(numbers);
  });

  it.each([
    ["twenty-four months, two dozen of the cranes, three hundred and fifty thousand", ["24 month", "24", "350000"]],
    ["vierundzwanzig Monate und dreitausendfünfhundert von der Bank", ["24 month", "3500"]],
    ["vingt-quatre mois, soixante-dix-sept et quatre-vingt-dix-sept pour les ports", ["24 month", "77", "97"]],
    ["treinta y dos días para el puerto, dos mil quinientos", ["32 day", "2500"]],
    ["trentadue giorni per il porto, duemilacinquecento", ["32 day", "2500"]],
    ["trinta e dois dias não são da empresa", ["32 day"]],
    ["tweeëndertig dagen van het jaar", ["32 day"]],
    ["dwadzieścia cztery miesiące", ["24 month"]],
    ["двадцать пять месяцев", ["25 month"]],
    ["τρία χρόνια", ["3×12 month"]],
    ["üç yıldır", ["3×12 month"]],
    ["ثلاث سنوات", ["3×12 month"]],
    ["तीन साल", ["3×12 month"]],
    ["You can do this once, on the set of ten", ["10"]],
  ])("in words: %s", (text, numbers) => {
    expect(read(text)).toEqual(numbers);
  });

  it.each([
    "It came on 2024-03-05.",
    "It came on March 5, 2024.",
    "It came on 5 March 2024.",
    "It came on Mar. 5th, 2024.",
    "Er kam am 5. März 2024.",
    "Er kam am 05.03.2024.",
    "Il arriva le 5 mars 2024.",
    "Llegó el 5 de marzo de 2024.",
    "È arrivato il 5 marzo 2024.",
    "2024年3月5日に着いた。",
    "二〇二四年三月五日",
    "2024년 3월 5일",
    "Fuar 5 Mart 2024 tarihinde.",
    "5 березня 2024 року",
    "στις 5 Μαρτίου 2024",
    "ngày 5 tháng 3 năm 2024",
    "في 5 مارس 2024",
    "5 मार्च 2024 को",
    "วันที่ 5 มีนาคม 2024",
    "ב-5 במרץ 2024",
    "৫ মার্চ ২০২৪ তারিখে",
  ])("as a date: %s", (text) => {
    expect(readNumbers(text)).toMatchObject([{ kind: "date", values: ["2024-03-05"] }]);
  });

  it("of a date in figures may be of either order", () => {
    expect(read("05/03/2024 and 25/03/2024 and March 2024")).toEqual([
      "2024-03-05|2024-05-03",
      "2024-03-25",
      "2024-03-??",
    ]);
  });

  it.each(["15:00", "3 pm", "3:00 p.m.", "15 Uhr", "15.00 Uhr", "午後3時", "오후 3시", "15 h 00"])(
    "as a time of day: %s",
    (text) => {
      expect(readNumbers(text)).toMatchObject([{ kind: "time", values: ["15:00"] }]);
    },
  );

  it("stand where the text has them", () => {
    const text = "Kostet １２ oder €1.5m, am 5. März 2024 – dreißig.";
    expect(readNumbers(text, "de").map(({ start, end }) => text.slice(start, end))).toEqual([
      "１２",
      "€1.5m",
      "5. März 2024",
      "dreißig",
    ]);
  });

  it("are read in time that grows with the text, whatever it is", () => {
    const steps = (text: string) => readNumbers(text).length + readCodes(text).length;
    for (const unit of ["9", "1,", "1 000 ", "1-", "a-", "三", "0 0 ", "1:", "DE00 0000 ", "(", " "])
      expect(steps(unit.repeat(100_000 / unit.length))).toBeLessThanOrEqual(100_000);
  });
});

describe("codes", () => {
  it.each([
    ["XR-500B, XR 500-B and B2", ["xr500b", "500b", "b2"]],
    ["QM-4711 by ISO 9001 and ISO-9001", ["qm4711", "iso9001", "iso9001"]],
    ["call +49 40 123456 or 0800 123456", ["4940123456", "0800123456"]],
    ["version 1.10 is not 1.2.3", ["1.10", "1.2.3"]],
    ["DE89 3704 0044 0532 0130 00", ["de89-3704-0044-0532-0130-00"]],
    ["Plan A, plan B or vitamin C, not I am", ["a", "b", "c"]],
    ["COVID-19, MP3, H2O", ["covid19", "mp3", "h2o"]],
    ["30 000 on 2024-03-05, 15h30, 5kg, 24-month, 30k", []],
  ])("of %s", (text, codes) => {
    expect(readCodes(text).map(({ code }) => code)).toEqual(codes);
  });

  it("are no numbers", () => {
    expect(readNumbers("XR-500B by ISO 9001, version 1.10, +49 40 123456")).toEqual([]);
  });
});

describe("a number", () => {
  const says = (text: string, claim: string) => {
    const claimed = readNumbers(claim).filter(({ weak }) => !weak);
    const there = readNumbers(text);
    return claimed.every((number) => saysNumber(there, number));
  };

  it.each([
    ["It lifts 1.5 t", "It lifts 1,500 kg"],
    ["The warranty is for twenty-four months", "It is 2 years"],
    ["The office is open to 15:00", "It is open until 3 pm"],
    ["delivered 2024-03-05", "in March 2024, on 5 March, in 2024"],
    ["In 2024 the fair is on March 5", "It is on 5 March 2024"],
    ["The third floor is for guests", "floor 3"],
    ["Weight (kg): 1500", "1,500 kg"],
    ["It takes 5–7 days", "It takes 5 to 7 days"],
    ["Half of the cranes", "50 % of the cranes"],
    ["open from 9 to 5 pm", "open from 9 am"],
    ["ouvert jusqu'à 15 h", "open until 3 pm"],
  ])("of “%s” supports “%s”", (text, claim) => {
    expect(says(text, claim)).toBe(true);
  });

  it.each([
    ["Die Dosis beträgt 1,5 mg", "15 mg"],
    ["Der Turmkran kostet 30.000 Euro und mehr", "30 Euro"],
    ["It lifts 1.5 t", "It lifts 1.5 kg"],
    ["delivered 2024-03-05", "on March 6, 2024"],
    ["delivered in March 2024", "on March 5, 2024"],
    ["open to 15:00", "open to 3 am"],
    ["-5 °C", "5 °C"],
    ["5 °F", "5 °C"],
    ["30 €", "30 $"],
    ["10^6 litres", "106 litres"],
    ["25 days", "25 %"],
  ])("of “%s” does not support “%s”", (text, claim) => {
    expect(says(text, claim)).toBe(false);
  });
});
