import { describe, expect, it } from "vitest";
import { detectType } from "../detect-type.ts";
import { parseDocument } from "../parse-document.ts";
import { utf16 } from "../testing/files.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const read = async (source: string | Uint8Array) => {
  const { text, blocks, properties } = await parseDocument("json", typeof source === "string" ? utf8(source) : source);
  return { properties, blocks: blocks.map(({ section, start, end }) => [section, text.slice(start, end)]) };
};

describe("a JSON file", () => {
  it("is known by its first value, or by its name", () => {
    const kindOf = (text: string, name = "notes.txt") => detectType(utf8(text), name).kind;
    expect(kindOf('{"a": 1}')).toBe("json");
    expect(kindOf('\n[ {"a": 1}]')).toBe("json");
    expect(kindOf('["a"]', "a.json")).toBe("json");
    expect(kindOf("[01/02/2020, 10:00] Ann: pears")).toBe("text");
    expect(kindOf("{curly} beginnings")).toBe("text");
    expect(kindOf('{"a": 1}\n\nis how an object begins', "notes.md")).toBe("markdown");
  });

  it("is read record by record, each value with its path", async () => {
    const source = JSON.stringify({
      name: "Garden chat",
      messages: [
        { from: "Ann", text: "Store pears cool.", tags: ["pear", "store", 3], likes: 0, read: true, reply: null },
        { from: "Bob", text: ["See ", { type: "link", href: "https://pears.example/" }], empty: "" },
      ],
      plots: { north: { sort: "Quince" } },
    });
    const { blocks, properties } = await read(source);
    expect(properties.title).toBe("Garden chat");
    expect(blocks).toEqual([
      [null, "name: Garden chat"],
      ["messages", "from: Ann\ntext: Store pears cool.\ntags: pear, store, 3\nlikes: 0\nread: true"],
      ["messages", "from: Bob\ntext: See\ntext[1].type: link\ntext[1].href: https://pears.example/"],
      [null, "plots.north.sort: Quince"],
    ]);
  });

  it("may be one value on each line", async () => {
    const { blocks, properties } = await read('{"title":"A","id":12345678901234567890}\n{"title":"B"}\n');
    expect(blocks).toEqual([
      [null, "title: A\nid: 12345678901234567890"],
      [null, "title: B"],
    ]);
    expect(properties.title).toBeNull();
  });

  it("may be of any Unicode encoding, with escapes, and carry files", async () => {
    const source = `[{"a":"\\u00e4\\ud83c\\udf50\\n2"},{"b":"data:image/png;base64,${"A".repeat(2000)}"},{"c":"é"}]`;
    const blocks = [
      [null, "a: ä🍐\n2"],
      [null, "c: é"],
    ];
    expect((await read(source)).blocks).toEqual(blocks);
    expect((await read(utf16(source, "little"))).blocks).toEqual(blocks);
    expect((await read(new Uint8Array([0xef, 0xbb, 0xbf, ...utf8(source)]))).blocks).toEqual(blocks);
  });

  it.each([
    ["comments and a comma too much", '// tsconfig\n{ "a": 1, /* two */ "b": ["x", "y",], // end\n}', "a: 1\nb: x, y"],
    [
      "single quotes and bare names",
      `{a: 'it\\'s "so"', $b: 1.5e3, c: "don't // cut"}`,
      `a: it's "so"\n$b: 1.5e3\nc: don't // cut`,
    ],
    ["words of Python", "{'a': True, 'b': None, 'c': 'd'}", "a: true\nc: d"],
    ["values one after the other", '{"a": 1}{"a": 2} {"a": 3}', "a: 1\n\na: 2\n\na: 3"],
    ["the marks of a text sequence", '\x1e{"a": 1}\n\x1e{"a": 2}\n', "a: 1\n\na: 2"],
    ["a mark at its beginning, and lines", '\ufeff{"a": 1}\r\n{"a": 2}\r\n', "a: 1\n\na: 2"],
  ])("with %s is read", async (_name, source, text) => {
    expect(detectType(utf8(source), "a.json").kind).toBe("json");
    expect((await parseDocument("json", utf8(source))).text).toBe(text);
  });

  it.each([
    ["the last", '{"a": 1}\n{"a": 2}\n{"a": "thr', "Line 3"],
    ["one in the middle", '{"a": 1}\n{"a": \n{"a": 2}\n', "Line 2"],
    ["one that is no JSON at all", '{"a": 1}\n\n{"a": 2}\nkilled by signal 9\n', "Line 4"],
  ])("of lines is read without %s that is damaged, which is named", async (_name, source, line) => {
    const { text, leftOut } = await parseDocument("json", utf8(source));
    expect(text).toBe("a: 1\n\na: 2");
    expect(leftOut).toEqual({ count: 1, notes: [{ what: line, reason: expect.stringContaining("not valid JSON") }] });
  });

  it("is not suspected in notes that begin with a piece of it", () => {
    for (const notes of [
      '{"id": 7}\n\nis what the service answers.',
      '[{"a": 1}] and so on',
      '{"a": foo bar}',
      '{"a": {"b": 1}',
    ]) {
      expect(detectType(utf8(notes), "notes.txt").kind).toBe("text");
    }
  });

  it.each([
    ["that breaks off", '[{"a": "pear'],
    ["with brackets that do not match", '{"a": [1}'],
    ["without a colon", '{"a" 1}'],
    ["with a value after a value", '{"a": 1 2}'],
    ["that closes what is not open", '{"a": 1}]'],
    ["with a word that is none", '{"a": yes}'],
    ["nested without end", `[{"a":${"[".repeat(100_000)}`],
  ])("%s is refused", async (_name, source) => {
    await expect(parseDocument("json", utf8(source))).rejects.toMatchObject({
      code: "damaged",
      message: expect.stringMatching(/not valid JSON: .* at character \d+|nested too deeply/),
    });
  });

  it.each([
    ["of names alone", `{${Array.from({ length: 400_000 }, (_, i) => `"k${i}":null`).join(",")},"a":"pear"}`],
    ["of small records", `[${'{"a":1},'.repeat(600_000)}{"a":"pear"}]`],
    ["of long paths", `${`{"${"k".repeat(90)}":`.repeat(150)}[${"7,[8],".repeat(300_000)}"pear"]${"}".repeat(150)}`],
    ["of one long text", `["${"words and words ".repeat(600_000)}"]`],
    ["of escapes", `["${"\\u00e4 ".repeat(1_500_000)}"]`],
  ])("%s is read or refused within its bounds", async (_name, source) => {
    const bytes = utf8(source);
    await parseDocument("json", bytes).catch((error) => expect(error).toMatchObject({ code: "too_much_text" }));
  });
});
