import { describe, expect, it } from "vitest";
import { chatGptConversation } from "./import-chatgpt.ts";

type Row = [id: string, parent: string | null, role: "user" | "assistant", text: string];

const read = (rows: Row[]) =>
  chatGptConversation.safeParse({
    mapping: Object.fromEntries(
      rows.map(([id, parent, role, text]) => [
        id,
        { parent, message: { author: { role }, content: { content_type: "text", parts: [text] } } },
      ]),
    ),
  });
const textsOf = (rows: Row[]) => read(rows).data?.nodes.map(({ text }) => text);
const refusalOf = (rows: Row[]) => read(rows).error?.issues[0]?.message;

describe("marks in ChatGPT’s texts", () => {
  it("are taken out, and what only looks like one stays", () => {
    const text = "A\ue200cite\ue202x\ue201 b【12†source】 c【x†y】 d【3†\n】 e\ue200f";
    expect(textsOf([["q", null, "user", text]])).toEqual(["A b c【x†y】 d【3†\n】 e\ue200f"]);
  });

  it("stand for names and titles where they have some", () => {
    const mark = (...fields: string[]) => `\ue200${fields.join("\ue202")}\ue201`;
    const texts: [string, string][] = [
      [
        `It rains ${mark("cite", "turn0search1")} and ${mark("entity", '["city","Hamburg","in Germany"]')} is wet.`,
        "It rains and Hamburg is wet.",
      ],
      [`See ${mark("url", "Site", "https://example.org")}.`, "See Site."],
      [`${mark("navlist", "News of today", "turn0news1,turn0news2")}`, "News of today"],
      [`As said ${mark("filecite", "turn0file0", "L1-L3")}, yes.`, "As said, yes."],
      [`Übermorgen${mark("cite", "turn1view0", "turn2search3")}regnet es.`, "Übermorgenregnet es."],
      [`\ue203東京\ue204 ${mark("cite", "turn0search1")}`, "東京"],
      [`${mark("genui", '{"name":"Map"}')} there`, "Map there"],
      [`${mark("entity", "[broken")} there`, "there"],
    ];
    for (const [text, right] of texts) expect(textsOf([["q", null, "user", text]])).toEqual([right]);
  });

  it.each(["\ue200", "【1†", "【", "【1", "【1†x\n", "\ue200【1†"])(
    "that never end, as %j again and again, cost no more than their length",
    (piece) => {
      const text = piece.repeat(Math.floor(400_000 / piece.length)).trimEnd();
      expect(textsOf([["q", null, "user", text]])).toEqual([text]);
    },
  );

  it("are not looked for in more than a message may hold", () => {
    expect(refusalOf([["q", null, "user", "\ue200".repeat(400_001)]])).toMatch(/400,000/);
  });
});

describe("answers in parts", () => {
  const chain = (parts: number, length: number): Row[] =>
    Array.from({ length: parts }, (_, i) => [`a${i}`, i ? `a${i - 1}` : null, "assistant", "x".repeat(length)]);

  it("are one answer as long as a message may be", () => {
    expect(textsOf(chain(30, 10_000))).toEqual([Array(30).fill("x".repeat(10_000)).join("\n\n")]);
    expect(refusalOf(chain(1_900, 10_000))).toMatch(/one answer.*400,000/);
  });

  it("are not multiplied by their branches", () => {
    const branches = Array.from({ length: 1_000 }, (_, i): Row => [`b${i}`, "a", "assistant", "y"]);
    expect(refusalOf([["a", null, "assistant", "x".repeat(100_000)], ...branches])).toMatch(/branches/);
  });

  it("and hundreds of thousands of nodes beside each other are refused with a reason", () => {
    const level = Array.from({ length: 150_000 }, (_, i): Row => [`q${i}`, null, "user", "x"]);
    expect(refusalOf(level)).toMatch(/2000 messages/);
  });
});
