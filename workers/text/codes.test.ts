import { describe, expect, it } from "vitest";
import { isFunctionWord, wordsOf } from "./words.ts";

/** What tells something in a text. */
const telling = (text: string) => wordsOf(text).flatMap(({ text, stem }) => (isFunctionWord(text) ? [] : stem));
const codes = (text: string) => telling(text).filter((stem) => /^[#]|^email$/.test(stem));

describe("what words alone do not tell apart has a word of its own", () => {
  it.each([
    ["the pump XR-500B", "xr-500b", "#500b"],
    ["a screw ABC123D", "abc123d", "#abc123d"],
    ["part AB-1-20", "AB-1-20", "#ab-1-20"],
    ["paper A4", "a4", "#a4"],
    ["the wing 802.11n", "802.11n", "#11n"],
    ["on 5G", "5G", "#5g"],
  ])("%s", (text, asked, code) => {
    expect(codes(text)).toEqual([code]);
    expect(codes(asked)).toContain(code);
  });

  it.each(["15kg of flour in 5m", "COVID-19", "B-1357", "30,000 of 1.5", "the 3rd of 2024-03-05"])(
    "but for measures, numbers and what its parts tell: %s",
    (text) => expect(codes(text)).toEqual([]),
  );

  it("letters that name, and no articles, initials or parts of words", () => {
    expect(codes("Plan A costs 10 euros, plan B costs 25. Is Plan A open?")).toEqual(["#a", "#b", "#a"]);
    expect(codes("A pump. Type C and USB-C")).toEqual(["#c", "#c"]);
    expect(codes("I saw J. Smith and P. T. Barnum by X-ray, and Tom's isn't")).toEqual([]);
  });

  it("acronyms, dotted or of a function word’s letters", () => {
    expect(telling("U.S.A.")).toContain("usa");
    expect(codes("the U.S. office")).toEqual(codes("the US office"));
    expect(codes("Who is it for us?")).toEqual([]);
    expect(codes("WHO IS IT FOR")).toEqual([]);
  });

  it("names of languages", () => {
    expect(codes("C++, c# and .NET.")).toEqual(["#c++", "#c#", "#.net"]);
  });

  it("addresses, and what they are", () => {
    expect(codes("Write to help.desk@harbour.example.")).toEqual(["#help.desk@harbour.example", "email"]);
    expect(codes("the e-mail address")).toEqual(["email"]);
    expect(codes("+49 40 123-4567")).toEqual(codes("+49 (40) 1234567"));
  });
});

describe("words of languages meet", () => {
  const meet = (a: string, b: string) =>
    expect(
      telling(a).some((word) => telling(b).includes(word)),
      `${a} ${b}`,
    ).toBe(true);
  it.each([
    ["Kuendigungsfrist", "Kündigungsfrist"],
    ["STRASSENREINIGUNG", "Straßenreinigung"],
    ["parkering Łódź đội", "lodz"],
    ["парковка", "парковки"],
    ["стоимость", "стоимостью"],
    ["إعادة", "اعادة"],
    ["المبلغ", "مبلغ"],
    ["άμυνα", "ΆΜΥΝΑΣ"],
    ["환불이", "환불은"],
    ["ค่าจอดรถเท่าไร", "ค่าจอดรถชั่วโมงละ"],
    ["ＡＢＣ１２３Ｘ", "abc123x"],
    ["שָׁלוֹם", "שלום"],
  ])("%s and %s", meet);
});
