/** What the bytes from 0x40 on mean in the font Symbol, which is not Unicode; a point where it has nothing. */
const greek =
  "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼" +
  "." +
  ".".repeat(32) +
  "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪.〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭";
const ofGreek: Record<number, string> = { 34: "∀", 36: "∃", 39: "∋", 42: "∗", 45: "−" };
const dings: Record<number, string> = {
  74: "☺",
  108: "•",
  110: "■",
  111: "☐",
  113: "☐",
  118: "❖",
  159: "•",
  167: "▪",
  168: "☐",
  216: "➢",
  223: "←",
  224: "→",
  225: "↑",
  226: "↓",
  232: "➔",
  240: "⇨",
  251: "✗",
  252: "✓",
  253: "☒",
  254: "☑",
};

/** A character of a font of symbols in Unicode, by its number there, which may be that of a private character; empty where it means nothing. */
export function symbolOf(font: string, code: number): string {
  const byte = code >= 0xf000 && code <= 0xf0ff ? code & 0xff : code;
  if (/wingdings/i.test(font)) return dings[byte] ?? "";
  if (byte !== code || /^symbol/i.test(font)) {
    const found = byte >= 0x40 ? [...greek][byte - 0x40] : (ofGreek[byte] ?? String.fromCharCode(byte));
    return found === "." || found === undefined ? "" : found;
  }
  return code >= 0x20 ? String.fromCharCode(code) : "";
}
