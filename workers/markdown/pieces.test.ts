import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, it } from "vitest";
import { bounds } from "./bounds.ts";
import { splitMarkdown } from "./pieces.ts";
import { attacks } from "./testing-attacks.ts";
import { withoutHtml } from "./without-html.ts";

/** Nodes that a parser makes of what it is given of a text, and the sum of the squares of what it has to search through. */
function parsed(text: string) {
  const { pieces, parts } = splitMarkdown(text);
  let nodes = 0;
  let deepest = 0;
  const walk = (node: object, depth: number): void => {
    nodes++;
    deepest = Math.max(deepest, depth);
    if ("children" in node) for (const child of node.children as object[]) walk(child, depth + 1);
  };
  for (const { kind, text: own, definitions } of pieces) {
    if (kind === "plain") nodes++;
    else {
      const extensions = { extensions: [gfm(), withoutHtml], mdastExtensions: [gfmFromMarkdown()] };
      walk(fromMarkdown(definitions + own, extensions), 0);
    }
  }
  return { pieces, nodes, deepest, spent: parts.at(-1)?.spent ?? 0 };
}

/** The most signs of emphasis, of brackets and lines that a parser is given between two blank lines, lists and tables aside. */
function longestLeaf(text: string) {
  const leaves = splitMarkdown(text).pieces.flatMap(({ kind, text: own }) =>
    kind === "plain" ? [] : own.split(/\n\s*\n|\n(?=\s*(?:[-+*]|\d+[.)]|>|\||#|`{3}|~{3}))/),
  );
  const most = (pattern: RegExp) => leaves.reduce((sum, leaf) => Math.max(sum, leaf.match(pattern)?.length ?? 0), 0);
  return { emphases: most(/\*+|_+|~+/g), brackets: most(/[[\]]/g) };
}

describe("an attack on the parser of Markdown", () => {
  it.each(attacks)("%s stays within the bounds, at each length", (_, make) => {
    for (const length of [6_000, 12_000]) {
      const text = make(length);
      const { pieces, nodes, deepest, spent } = parsed(text);
      expect(pieces.map((piece) => piece.text).join("")).toBe(text);
      // Each list is two nodes: itself and its entry; what is within a paragraph nests as often as emphasis may.
      expect(deepest).toBeLessThan(2 * bounds.depth + bounds.emphases + bounds.brackets / 2);
      expect(nodes).toBeLessThan(text.length * 3 + 20);
      expect(spent).toBeLessThan(text.length * 250 + 1_000);
      const { emphases, brackets } = longestLeaf(text);
      expect(emphases).toBeLessThanOrEqual(bounds.emphases);
      expect(brackets).toBeLessThanOrEqual(bounds.brackets);
    }
  });

  it("costs no more than a text may, however long it is", () => {
    const { pieces, nodes } = parsed("- *a*\n".repeat(100_000));
    expect(pieces.at(-1)?.kind).toBe("plain");
    expect(nodes).toBeLessThan(bounds.work / 10);
  });

  it("does not make plain what stands around it", () => {
    const kinds = splitMarkdown(`# A\n\n${"*a ".repeat(400)}\n\n- b\n- c\n`).pieces.map(({ kind }) => kind);
    expect(kinds).toEqual(["markdown", "plain", "markdown"]);
  });
});

const section = (n: number) =>
  `## Part ${n}\n\nSome **bold** and *soft* words with \`code\` and [a link](https://example.com/${n}) [1][2]. ${"Plain words follow here. ".repeat(12)}\n\n1. One\n2. Two\n   - nested\n     - deeper\n\n   \`\`\`ts\n   const a_b_c = [[1], [2]];\n   \`\`\`\n\n| a | b |\n|---|:-:|\n| **x** | y |\n| z | \`w\` |\n\n> Said *somebody*,\n> twice.\n\n\`\`\`python\n${"print(a_b_c[d], *args, **kwargs)\n\n".repeat(20)}\`\`\`\n\n`;

describe("an ordinary text", () => {
  it("is Markdown from end to end, at thirty thousand words", () => {
    const text = Array.from({ length: 200 }, (_, n) => section(n)).join("");
    expect(text.split(/\s+/).length).toBeGreaterThan(20_000);
    const { pieces } = splitMarkdown(text);
    expect(pieces.filter(({ kind }) => kind === "plain")).toEqual([]);
    expect(Math.max(...pieces.map((piece) => piece.text.length))).toBeLessThan(3_000);
  });

  it("is cut nowhere within a list, a table, or code", () => {
    for (const { text } of splitMarkdown(section(1).repeat(20)).pieces) {
      expect((text.match(/^```/gm)?.length ?? 0) % 2).toBe(0);
      expect(text).toMatch(/^(?:##|\n|1\.|Some|\||>|```)/);
    }
  });

  it("that grows is cut as if it were read at once", () => {
    const whole = section(1) + section(2) + section(3);
    let split = splitMarkdown("");
    for (let end = 0; end <= whole.length; end += 7) split = splitMarkdown(whole.slice(0, end), split);
    split = splitMarkdown(whole, split);
    expect(split.pieces).toEqual(splitMarkdown(whole).pieces);
  });

  it("that grows is read again from its last piece only", () => {
    const before = splitMarkdown(section(1).repeat(50));
    const after = splitMarkdown(`${section(1).repeat(50)}More.`, before);
    // The very parts, not such as are alike.
    expect(after.parts.filter((part, at) => part === before.parts[at]).length).toBeGreaterThanOrEqual(
      before.parts.length - 1,
    );
  });

  it("keeps what its links refer to, and its footnotes together", () => {
    const links = splitMarkdown(`See [docs][D].\n\n${"Words. ".repeat(500)}\n\n[d]: https://example.com\n`).pieces;
    expect(links[0]?.definitions).toBe("[d]: https://example.com\n\n");
    expect(links.at(-1)?.definitions).toBe("");
    const notes = `One[^1].\n\n${"Words. ".repeat(500)}\n\nTwo[^2].\n\n[^1]: A.\n[^2]: B.\n`;
    expect(splitMarkdown(notes).pieces).toHaveLength(1);
  });
});
