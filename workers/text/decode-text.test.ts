import { describe, expect, it } from "vitest";
import { decodedPieces, decodeText } from "./decode-text.ts";
import { decoderOf, encodingNamed } from "./encodings.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** What a decoder of one byte a character has for each byte, turned round. */
function encode(text: string, encoding: string): Uint8Array {
  const characters = decoderOf(encoding).decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  return Uint8Array.from(text, (character) => {
    const byte = characters.indexOf(character);
    if (byte < 0) throw new Error(`${encoding} has no ${character}.`);
    return byte;
  });
}

const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

describe("text in an old encoding", () => {
  it.each([
    ["windows-1250", "Umowa o pracę wygasa po upływie trzech miesięcy, jeżeli przełożony wyrazi zgodę."],
    ["windows-1250", "Smlouva končí po třech měsících a zaměstnanec má nárok na dovolenou."],
    ["windows-1250", "A munkaszerződés három hónap után megszűnik, és külön díjat kell fizetni."],
    ["iso-8859-2", "Smlouva končí po třech měsících, žádost se podává písemně a včas."],
    ["iso-8859-2", "Wszyscy pracownicy mają prawo do urlopu, którego długość określa umowa."],
    ["cp852", "Umowa o pracę wygasa po upływie trzech miesięcy, jeśli strony się zgodzą."],
    ["mac-latin2", "Smlouva končí po třech měsících a zaměstnanec má nárok na dovolenou."],
    ["windows-1251", "Договор прекращается через три месяца после подписания."],
    ["koi8-r", "Договор прекращается через три месяца после подписания."],
    ["ibm866", "Договор прекращается через три месяца после подписания."],
    ["x-mac-cyrillic", "Договор прекращается через три месяца после подписания."],
    ["iso-8859-5", "Договор прекращается через три месяца после подписания."],
    ["koi8-u", "Договір припиняється через три місяці, якщо сторони не домовились про інше."],
    ["windows-1252", "Die Kündigungsfrist beträgt sechs Wochen – das „Übliche“ kostet 45 €."],
    ["windows-1252", "Le contrat prend fin après trois mois, sauf si l’employeur a décidé autrement."],
    ["cp850", "Die Kündigungsfrist beträgt sechs Wochen. Für Größen über fünf gilt das nicht."],
    ["cp437", "Avtalet upphör att gälla efter tre månader, om inget annat har överenskommits."],
    ["macintosh", "Le contrat prend fin après trois mois, sauf si l’employeur a décidé autrement."],
    ["macintosh", "Der Verträge Kündigungsfrist beträgt für Bürger über fünfzig acht Wochen."],
    ["windows-1253", "Η σύμβαση λήγει μετά από τρεις μήνες από την υπογραφή της."],
    ["iso-8859-7", "Η σύμβαση λήγει μετά από τρεις μήνες από την υπογραφή της."],
    ["windows-1254", "İş sözleşmesi üç ay sonra sona erer. Çalışan yıllık izin kullanabilir."],
    ["windows-1255", "תקופת ההודעה המוקדמת היא שלושה חודשים. העובד רשאי לבקש חופשה."],
    ["iso-8859-8", "תקופת ההודעה המוקדמת היא שלושה חודשים. העובד רשאי לבקש חופשה."],
    ["windows-1256", "ينتهي العقد بعد ثلاثة أشهر من تاريخ التوقيع عليه من الطرفين."],
    ["windows-1257", "Darbo sutartis baigiasi po trijų mėnesių, jeigu šalys nesusitaria kitaip."],
    ["windows-1257", "Darba līgums beidzas pēc trim mēnešiem, ja puses nav vienojušās citādi."],
    ["windows-874", "สัญญาจ้างสิ้นสุดลงหลังจากสามเดือน หากคู่สัญญาไม่ตกลงเป็นอย่างอื่น"],
  ])("%s is found by its language: %s", (encoding, text) => {
    expect(decodeText(encode(text, encoding))).toBe(text);
  });

  it.each([
    ["a Japanese one (Shift-JIS)", [0x93, 0x8c, 0x8b, 0x9e, 0x82, 0xcc, 0x93, 0x56, 0x8b, 0x43], "東京の天気"],
    ["a Japanese one (EUC)", [0xc5, 0xec, 0xb5, 0xfe, 0xa4, 0xce, 0xc5, 0xb7, 0xb5, 0xa4, 0xa4, 0xcf], "東京の天気は"],
    ["a Korean one", [0xb0, 0xe8, 0xbe, 0xe0, 0x20, 0xb1, 0xe2, 0xb0, 0xa3, 0xc0, 0xba], "계약 기간은"],
    ["a Chinese one", [0xd5, 0xe2, 0xca, 0xc7, 0xce, 0xd2, 0xc3, 0xc7, 0xb5, 0xc4], "这是我们的"],
    ["a Taiwanese one", [0xb3, 0x6f, 0xac, 0x4f, 0xa7, 0xda, 0xad, 0xcc, 0xaa, 0xba], "這是我們的"],
  ])("%s of two bytes a character is found too", (_name, bytes, text) => {
    expect(decodeText(Uint8Array.from(bytes))).toBe(text);
  });

  it.each([
    ["The company’s policy – it says – is simple.", "windows-1252"],
    ["The oven is heated to 20 °C and then left alone.", "windows-1252"],
    ["Copyright © 2020 Acme, all rights reserved, § 5.", "windows-1252"],
    ["Preis: 45 €", "windows-1252"],
    ["Straße;Ort\nAm Gärtchen;Köln\n", "windows-1252"],
  ])("of few letters is western: %s", (text, encoding) => {
    expect(decodeText(encode(text, encoding))).toBe(text);
  });

  it("is told by what stands far behind its beginning", () => {
    const text = `${"plain words and lines\n".repeat(10_000)}Договор прекращается через три месяца.\n`;
    expect(decodeText(encode(text, "windows-1251"))).toBe(text);
    expect([...decodedPieces(encode(text, "windows-1251"))].join("")).toBe(text);
  });
});

describe("what a text says of its encoding", () => {
  const page = (charset: string, text: string) => `<html><head><meta charset="${charset}"></head><p>${text}</p>`;
  const russian = "Договор прекращается через три месяца.";

  it("counts where little else tells", () => {
    expect(decodeText(encode(page("windows-1250", "Łódź"), "windows-1250"))).toContain("Łódź");
    expect(decodeText(encode(page("iso-8859-9", "Ağrı"), "windows-1254"))).toContain("Ağrı");
    expect(decodeText(encode(page("cp850", "Größe"), "cp850"))).toContain("Größe");
  });

  it.each([
    ["UTF-8 that is called something else", utf8(page("iso-8859-1", "Größe und Länge"))],
    ["Windows-1252 that is called UTF-8", encode(page("utf-8", "Größe und Länge"), "windows-1252")],
    ["Windows-1252 that is called Shift-JIS", encode(page("shift_jis", "Die Größe und Länge"), "windows-1252")],
    ["UTF-8 that is called UTF-16", utf8(page("utf-16", "Größe und Länge"))],
  ])("does not where it is wrong: %s", (_name, bytes) => {
    expect(decodeText(bytes)).toContain("Größe und Länge");
  });

  it("is not believed of Russian that is called western", () => {
    expect(decodeText(encode(page("iso-8859-1", russian), "windows-1251"))).toContain(russian);
  });

  it.each([
    ["latin1", "windows-1252"],
    ["IBM850", "cp850"],
    ["MacRoman", "macintosh"],
    ["ISO8859-15", "iso-8859-15"],
    ["UTF-32BE", "utf-32be"],
    ["cp932", "shift_jis"],
    ["no-such-thing", null],
  ])("may be by any of its names: %s", (name, encoding) => expect(encodingNamed(name)).toBe(encoding));
});

describe("damaged and unusual Unicode", () => {
  const text = "Die Kündigungsfrist beträgt sechs Wochen. Zürich, den 3. März. Preis: 45 €";

  it("that is cut within its last character is read up to there", () => {
    expect(decodeText(utf8(text).subarray(0, -1))).toBe(text.slice(0, -1));
    expect(decodeText(utf8(`${text}🍐`).subarray(0, -2))).toBe(text);
    expect([...decodedPieces(utf8(text).subarray(0, -1))].join("")).toBe(text.slice(0, -1));
  });

  it("with a bad byte is read but for that", () => {
    const bytes = joined(utf8("Grüße aus "), Uint8Array.of(0xff), utf8(text));
    expect(decodeText(bytes)).toBe(`Grüße aus \ufffd${text}`);
    expect(decodeText(joined(utf8("Größe, "), Uint8Array.of(0xe2, 0x82), utf8(text)))).toBe(`Größe, \ufffd${text}`);
  });

  it("that was encoded twice stays as it is", () => {
    expect(decodeText(utf8("GrÃ¶ÃŸe"))).toBe("GrÃ¶ÃŸe");
  });

  const utf16 = (of: string, isLittle: boolean) => {
    const view = new DataView(new ArrayBuffer(2 * of.length));
    for (let i = 0; i < of.length; i++) view.setUint16(2 * i, of.charCodeAt(i), isLittle);
    return new Uint8Array(view.buffer);
  };
  const utf32 = (of: string, isLittle: boolean) => {
    const codes = Array.from(of, (character) => character.codePointAt(0) ?? 0);
    const view = new DataView(new ArrayBuffer(4 * codes.length));
    for (const [i, code] of codes.entries()) view.setUint32(4 * i, code, isLittle);
    return new Uint8Array(view.buffer);
  };

  it.each([
    ["western", "Grüße aus Köln, 45 €"],
    ["Russian", "Договор прекращается через три месяца после подписания."],
    ["Japanese", "契約は三か月後に終了します。社員は休暇を取ることができます。"],
    ["with a pear", "A pear 🍐 and more words"],
  ])("without a mark is told by its bytes: %s", (_name, of) => {
    for (const isLittle of [true, false]) {
      expect(decodeText(utf16(of, isLittle))).toBe(of);
      expect(decodeText(utf16(`\ufeff${of}`, isLittle))).toBe(of);
      expect(decodeText(utf32(of, isLittle))).toBe(of);
      expect(decodeText(utf32(`\ufeff${of}`, isLittle))).toBe(of);
    }
  });

  it("is told from Japanese of seven bits, whatever a page says of it", () => {
    const bytes = utf8("<h1>\u001b$BF|K\\8l\u001b(B</h1> 120");
    expect(decodeText(bytes)).toBe("<h1>日本語</h1> 120");
    expect(decodeText(utf8("a \u001b[1mbold\u001b[0m word"))).toBe("a \u001b[1mbold\u001b[0m word");
  });

  it("is not found in what is no text", () => {
    expect(decodeText(Uint8Array.from({ length: 4_000 }, (_, i) => (i * 7919 + (i >> 3) * 31) % 256))).toBeNull();
  });
});
