import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { describe, expect, it } from "vitest";
import { asWritten, prepared } from "./prepare.ts";
import { markdownSyntax } from "./syntax.ts";

const marks: Record<string, string> = { strong: "B", emphasis: "I", delete: "S", inlineCode: "C" };

/** What a text means, in short: `B(…)` for what is bold, `<…>` for an address. */
function meaning(node: Nodes): string {
  if (node.type === "inlineCode") return `C(${node.value})`;
  if ("value" in node) return node.value;
  const inner = "children" in node ? node.children.map((child) => meaning(child as Nodes)).join("") : "";
  if (node.type === "link") return `<${node.url}${inner === node.url ? "" : ` ${inner}`}>`;
  const mark = marks[node.type];
  return mark ? `${mark}(${inner})` : inner;
}

const read = (text: string) =>
  asWritten(
    meaning(fromMarkdown(prepared(text), { extensions: markdownSyntax, mdastExtensions: [gfmFromMarkdown()] })),
  );

describe("tildes", () => {
  it.each([
    ["Size 10~20 mm and 30~40 mm", "Size 10~20 mm and 30~40 mm"],
    ["~about~ 5", "~about~ 5"],
    ["从10~20到30~40", "从10~20到30~40"],
    ["~~gone~~ and H~2~O", "S(gone) and H~2~O"],
    ["~~中文（说明）~~文字", "S(中文（说明）)文字"],
  ])("%s", (text, means) => expect(read(text)).toBe(means));
});

describe("emphasis beside scripts without spaces", () => {
  it.each([
    ["**中文（说明）**文字", "B(中文（说明）)文字"],
    ["**中文(说明)**文字", "B(中文(说明))文字"],
    ["他说**“你好”**然后", "他说B(“你好”)然后"],
    ["这是**「重点」**。", "这是B(「重点」)。"],
    ["*注意：*内容", "I(注意：)内容"],
    ["***重要！***内容", "I(B(重要！))内容"],
    ["_説明（注）_文字", "I(説明（注）)文字"],
    ["**김치(Kimchi)**는 맛있다", "B(김치(Kimchi))는 맛있다"],
    ["**ขนาด (ใหญ่)**นะ", "B(ขนาด (ใหญ่))นะ"],
    ["**𠮷（注）**𠮷", "B(𠮷（注）)𠮷"],
    ["**`code`**的说明", "B(C(code))的说明"],
    ["**标题：**`值`", "B(标题：)C(值)"],
    ["**价格$5**元", "B(价格$5)元"],
  ])("%s", (text, means) => expect(read(text)).toBe(means));
});

describe("emphasis elsewhere is CommonMark’s", () => {
  it.each([
    ["**bold**, *it*, snake_case_name, 2*3*4", "B(bold), I(it), snake_case_name, 2I(3)4"],
    ["a * b * c ** d **", "a * b * c ** d **"],
    ["foo**(bar)**baz", "foo**(bar)**baz"],
    ["_a_b_ (_c_)", "I(a_b) (I(c))"],
    ["变量_名_称", "变量_名_称"],
  ])("%s", (text, means) => expect(read(text)).toBe(means));
});

describe("addresses", () => {
  it.each([
    ["请看https://example.com/a。谢谢", "请看<https://example.com/a>。谢谢"],
    ["（https://example.com/a?b=c）后", "（<https://example.com/a?b=c>）后"],
    ["**见 https://example.com。**后", "B(见 <https://example.com>。)后"],
    ["见www.example.com，谢谢", "见<http://www.example.com www.example.com>，谢谢"],
    ["https://zh.wikipedia.org/wiki/中文 here", "<https://zh.wikipedia.org/wiki/中文> here"],
    ["See https://example.com/a(b). End", "See <https://example.com/a(b)>. End"],
    ["“https://example.com”是", "“<https://example.com>”是"],
    ["[文字](https://example.com)。", "<https://example.com 文字>。"],
  ])("%s", (text, means) => expect(read(text)).toBe(means));
});
