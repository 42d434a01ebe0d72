import { describe, expect, it } from "vitest";
import { countTokens } from "./count-tokens.ts";
import { estimateTokens } from "./tokens.ts";

/** Texts, with what the cheap estimate may be off by, in hundredths of what the tokenizer counts: the figures of decision 31. */
const texts: [string, number, string][] = [
  [
    "English",
    15,
    "The quince is a hard, golden fruit that is rarely eaten raw. Cooked slowly with sugar it turns a deep red and smells of roses; in many kitchens it becomes a jelly, a paste that is served with cheese, or a filling for pies.",
  ],
  [
    "German",
    15,
    "Die Quitte ist eine harte, goldgelbe Frucht, die man selten roh isst. Langsam mit Zucker gekocht wird sie tiefrot und duftet nach Rosen; in vielen Küchen wird daraus Gelee oder eine Paste, die man zu Käse reicht.",
  ],
  [
    "Russian",
    30,
    "Айва — твёрдый золотистый плод, который редко едят сырым. Если медленно варить её с сахаром, она становится тёмно-красной и пахнет розами; во многих кухнях из неё делают желе.",
  ],
  [
    "Arabic",
    35,
    "السفرجل ثمرة صلبة ذهبية اللون نادرا ما تؤكل نيئة. وإذا طبخت ببطء مع السكر صارت حمراء داكنة وفاحت منها رائحة الورد.",
  ],
  [
    "Hindi",
    35,
    "बिही एक कठोर, सुनहरा फल है जिसे कच्चा शायद ही कभी खाया जाता है। चीनी के साथ धीरे-धीरे पकाने पर यह गहरा लाल हो जाता है।",
  ],
  [
    "Chinese",
    15,
    "榅桲是一种坚硬的金黄色水果，很少生吃。用糖慢慢煮熟后会变成深红色，散发出玫瑰的香气；在许多厨房里，人们把它做成果冻。",
  ],
  [
    "Japanese",
    30,
    "マルメロは硬い金色の果実で、生で食べられることはめったにありません。砂糖と一緒にゆっくり煮ると深い赤色になり、バラの香りがします。",
  ],
  [
    "code",
    35,
    "export const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);\n".repeat(5),
  ],
];

describe("a count by the tokenizer", () => {
  it.each(texts)("is what the cheap estimate comes near in %s, within %i %%", async (_, within, text) => {
    const counted = await countTokens([text]);
    expect(Math.abs(estimateTokens(text) / counted - 1) * 100).toBeLessThan(within);
  });

  it("is exact where that is known", async () => {
    expect(await countTokens(["Hello world"])).toBe(2);
    expect(await countTokens([""])).toBe(0);
  });

  it("takes what means something special to a model as text", async () => {
    expect(await countTokens(["<|endoftext|>"])).toBeGreaterThan(1);
  });

  it("counts a hundred thousand characters of what is longer, and takes the rest to be like them", async () => {
    const sentence = "A sentence of some words. ";
    const [once, often] = [await countTokens([sentence.repeat(2_000)]), await countTokens([sentence.repeat(20_000)])];
    expect(Math.abs(often / (once * 10) - 1)).toBeLessThan(0.02);
  });
});
