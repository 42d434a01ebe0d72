import { describe, expect, it } from "vitest";
import { queryTerms } from "./terms.ts";

const marked = (text: string) => queryTerms(text).filter((stem) => /^[#]|^email$/.test(stem));
const meet = (a: string, b: string) =>
  expect(queryTerms(a).filter((stem) => queryTerms(b).includes(stem))).not.toEqual([]);

describe("what words alone do not tell apart has a word of its own", () => {
  it.each([
    ["the pump XR-500B", "code of xr-500b", "#xr500b"],
    ["paper A4", "a4", "#a4"],
    ["Plan A costs 10 euros", "How much is Plan A?", "#a"],
    ["a plug USB-C", "the USB-C", "#c"],
    ["on 5G", "5G", "#5g"],
    ["Write to help.desk@harbour.example.", "e-mail", "email"],
    ["+49 40 123-4567", "+49 (40) 1234567", "#49401234567"],
    ["製品ＡＢＣ１２３の価格は５００円です", "ABC123の価格は？", "#abc123"],
    ["the U.S. office", "the US office", "#us"],
    ["It uses C++ only", "C++", "#c++"],
    ["on .NET", ".net", "#.net"],
  ])("%s and %s", (text, asked, code) => {
    expect(marked(text)).toContain(code);
    expect(marked(asked)).toContain(code);
  });

  it.each([
    ["XR-500A", "XR-500B"],
    ["plan A", "plan B"],
    ["C++", "C#"],
    ["U.S.A.", "U.S."],
    ["USB-A", "USB-C"],
  ])("%s is not %s", (a, b) => {
    expect(queryTerms(a).filter((stem) => !queryTerms(b).includes(stem))).not.toEqual([]);
  });

  it("but for articles, initials, pronouns and lines of capitals", () => {
    for (const text of ["A pump for us", "P. T. Barnum by X-ray", "Who is it for?", "WHO IS IT FOR", "15kg in 5m"])
      expect(marked(text), text).toEqual([]);
  });
});

describe("numbers meet by their values", () => {
  it.each([
    ["30.000 Euro", "30,000"],
    ["30 000 рублей", "30000"],
    ["thirty thousand dollars", "$30,000"],
    ["٣٠٠ دينار", "300"],
    ["1.5 million people", "1,500,000"],
    ["March 5, 2024", "2024-03-05"],
    ["1,5 Meter hoch", "1.5 m"],
  ])("%s and %s", meet);

  it("and no others", () => {
    expect(queryTerms("1,5 Meter hoch")).not.toContain("15");
    expect(queryTerms("Die Miete beträgt 30.000 Euro und ist im Januar fällig")).not.toContain("30");
    expect(queryTerms("version 1.20")).not.toContain("1.2");
  });
});

describe("words of languages meet", () => {
  it.each([
    ["Kuendigungsfrist", "Kündigungsfrist"],
    ["STRASSENREINIGUNG", "Straßenreinigung"],
    ["Łódź", "lodz"],
    ["парковка", "парковки"],
    ["стоимость", "стоимостью"],
    ["إعادة", "اعادة"],
    ["المبلغ", "مبلغ"],
    ["άμυνα", "ΆΜΥΝΑΣ"],
    ["환불이", "환불은"],
    ["ค่าจอดรถเท่าไร", "ค่าจอดรถชั่วโมงละ"],
    ["שָׁלוֹם", "שלום"],
  ])("%s and %s", meet);
});
