import { describe, expect, it } from "vitest";
import type { ParsedDocument } from "../parsed-document.ts";
import { parseHtml } from "./parse-html.ts";

const texts = ({ text, blocks }: ParsedDocument) =>
  blocks.map(({ start, end, section }) => [section, text.slice(start, end)]);

describe("a page", () => {
  it("is read as a person sees it: no code, no menus, nothing hidden", () => {
    const page = parseHtml(`<!doctype html><html><head><title>T</title><style>p{}</style></head><body>
      <nav><ul><li><a href="/">Home</a></nav><script>track()</script><noscript>Turn it on</noscript>
      <ul><li><a>Shop</a></li><li><a>About</a></li><li><a>Jobs</a></li><li><a>Press</a></li></ul>
      <p style="display: none">hidden one</p><p hidden>hidden two</p><div aria-hidden="true">hidden three</div>
      <h1>Garden <em>handbook</em></h1><p>Two&nbsp;litres &amp; a bit<br>each day.</p>
      <template><p>not yet</p></template><form><button>Buy</button></form><footer>2026</footer></body></html>`);
    expect(texts(page)).toEqual([
      ["Garden handbook", "Garden handbook"],
      ["Garden handbook", "Two litres & a bit\neach day."],
    ]);
  });

  it("is its main part where it names one that holds most of it", () => {
    const long = "Ducks are aquatic birds. ".repeat(10).trim();
    for (const [open, close] of [
      ["<main>", "</main>"],
      ["<div role=main><div>", "</div></div>"],
    ])
      expect(
        texts(parseHtml(`<a href="#c">Jump to content</a><h1>Duck</h1>${open}<p>${long}${close}<p>Privacy`)),
      ).toEqual([["Duck", long]]);
    expect(texts(parseHtml(`<main>Loading</main><p>${long}`)).map(([, text]) => text)).toEqual(["Loading", long]);
  });

  it("keeps tables by rows, lists by items, and code as it stands", () => {
    const page = parseHtml(`<h2>Months</h2><table><tr><th>Tree<th>Month<tr><td>Apple<td>February</table>
      <ul><li>one<li>two with a <a>link</a></ul><pre>if a:
  b()</pre>`);
    expect(texts(page).map(([, text]) => text)).toEqual([
      "Months",
      "Tree | Month\nApple | February",
      "- one",
      "- two with a link",
      "if a:\n  b()",
    ]);
  });

  it("takes short lists of links for text, and long ones for menus", () => {
    const list = (count: number) => `<ul>${"<li><a>Link</a></li>".repeat(count)}</ul><p>End</p>`;
    expect(texts(parseHtml(list(3)))).toHaveLength(4);
    expect(texts(parseHtml(list(4)))).toHaveLength(1);
  });

  it("is read however broken it is", () => {
    const page = "<p>one<p>two</div></b><table><tr><td>three<li>".repeat(500);
    expect(parseHtml(page).text).toContain("three");
    expect(parseHtml(`<p>x</p>${"<svg>".repeat(1_000)}`).text).toBe("x");
  });

  it("nested to exhaust the reader is refused", () => {
    for (const tag of ["<div>", "<svg>"])
      expect(() => parseHtml(`<p>x</p>${tag.repeat(1_000_000)}`)).toThrow(expect.objectContaining({ code: "damaged" }));
  });

  it("without text is refused", () => {
    expect(() => parseHtml("<html><script>only()</script><p> </p></html>")).toThrow(
      expect.objectContaining({ code: "empty" }),
    );
  });
});
