import { describe, expect, it } from "vitest";
import { parseDocument } from "../parse-document.ts";
import type { ParsedDocument } from "../parsed-document.ts";
import { parseHtml } from "./parse-html.ts";

const texts = ({ text, blocks }: ParsedDocument) =>
  blocks.map(({ start, end, section }) => [section, text.slice(start, end)]);

describe("a page", () => {
  it("is not named by a picture in it, and says what of it was passed over", async () => {
    const source =
      "<p>Pears.<svg><title>Growth</title><text>In 2023 four hundred</text></svg><footer>Acme, Pear Lane 12, 4711 Ulm</footer>";
    const { properties, leftOut } = await parseDocument("html", new TextEncoder().encode(source));
    expect(properties.title).toBeNull();
    expect(leftOut?.notes).toEqual([{ what: "Drawing, Footer", reason: "It stands beside what the page says." }]);
  });

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

  it.each([
    [
      "a button's panel that has no id",
      '<button class="accordion">How long?</button><div class="panel" style="display:none"><p>Nine days.</p></div>',
      ["How long?", "Nine days."],
    ],
    [
      "a heading's panel",
      '<h3><button aria-controls="a">To Norway?</button></h3><div id="a" role="region" hidden>Yes.</div>',
      ["To Norway?", "Yes."],
    ],
    [
      "a tab's panel",
      '<a href="#b" role="tab">Care</a><div id="b" hidden>Wash it cold.</div>',
      ["Care", "Wash it cold."],
    ],
    ["details", "<details><summary>Is it free?</summary>It is.</details>", ["Is it free?", "It is."]],
    [
      "a form's values",
      '<form><label>Name <input value="Ann"></label><label>Mail <input placeholder="you@a.example"></label><select><option>Norway<option selected>Sweden</select><label><input type=checkbox checked> Express</label><textarea>Ring twice</textarea><input type=password value=x><button>Send</button></form>',
      ["Name Ann", "Mail you@a.example", "• Norway • [x] Sweden", "[x] Express", "Ring twice"],
    ],
    [
      "blocks in cells",
      "<table><tr><td><p>Alpha</p><p>Beta</p></td><td><ul><li>one<li>two</ul></td></tr><tr><td>c<br>d<td>e</table>",
      ["Alpha Beta | - one - two\nc d | e"],
    ],
    [
      "cells that span others",
      "<table><tr><th rowspan=2>Plan<th colspan=2>Price<tr><th>Month<th>Year<tr><td rowspan=2>Pro<td>9<td>90<tr><td>8<td>80</table>",
      ["Plan | Price | Price\nPlan | Month | Year\nPro | 9 | 90\nPro | 8 | 80"],
    ],
    [
      "a table in a cell of a table",
      "<table border=1><tr><td>Plan<td>Price<tr><td>Pro<td>9 <table><tr><td>net<td>7</table><tr><td>Max<td>12</table>",
      ["Plan | Price\nPro | 9 net, 7\nMax | 12"],
    ],
    [
      "a table by its roles",
      "<div role=table><div role=row><span role=columnheader>City</span><span role=columnheader>Homes</span></div><div role=row><span role=cell>Ulm</span><span role=cell>120</span></div></div>",
      ["City | Homes\nUlm | 120"],
    ],
    ["what is above the line by its style", '<p>10<span style="vertical-align: super">6</span> cells', ["10^6 cells"]],
    ["results and meters apart", "<p><output>42</output><meter>60</meter><progress>3</progress>", ["42", "60", "3"]],
    [
      "a layout of tables",
      "<table><tr><td><table role=presentation><tr><td><h1>Sale</h1><p>Until May 3.</p><td>Use TULIP.</table></table>",
      ["Sale", "Until May 3.", "Use TULIP."],
    ],
    [
      "numbers of lists",
      "<ol start=3><li>Run<li><p>Check</p><ol type=i><li>deep</ol><li value=9>End</ol><ol type=A><li>x</ol>",
      ["3. Run", "4. Check", "i. deep", "9. End", "A. x"],
    ],
    [
      "what stands above or below the line",
      "<p>$25<sup>1</sup>, 10<sup>6</sup>, H<sub>2</sub>O, 1<sup>st</sup>, so<sup><a href='#n'>[2]</a></sup>",
      ["$25^1, 10^6, H2O, 1st, so[2]"],
    ],
    [
      "ruby without readings",
      "<p>Ver&shy;trag <ruby>新<rp>(</rp><rt>しん</rt><rp>)</rp></ruby>幹線",
      ["Vertrag 新幹線"],
    ],
    [
      "pictures in words",
      '<p>Plant: <img alt="Harbour Road 12"><img alt="IMG_1.jpg"><img alt=""></p>',
      ["Plant: Harbour Road 12"],
    ],
    [
      "where its links lead",
      '<p><a href="https://a.example/f.pdf">Form</a>, <a href="mailto:hr@a.example">write</a>, <a href="mailto:b@a.example">b@a.example</a>, <a href="/x">on</a></p>',
      ["Form (https://a.example/f.pdf), write (hr@a.example), b@a.example, on"],
    ],
    [
      "who is quoted",
      "<blockquote>Measure twice.<footer>Greta</footer></blockquote><footer>2026</footer>",
      ["Measure twice.", "Greta"],
    ],
    ["formulas", "<p>So <math><mi>A</mi><mo>=</mo><mi>π</mi></math> holds.", ["So A = π holds."]],
  ])("says %s", (_name, source, said) => {
    expect(texts(parseHtml(source)).map(([, text]) => text)).toEqual(said);
  });

  it("tells of what it never shows", async () => {
    const source = `<p>Shown.</p><div style="display:none">Long words that nobody ever sees here.</div><div hidden>x</div>`;
    const { text, leftOut } = await parseDocument("html", new TextEncoder().encode(source));
    expect(text).toBe("Shown.");
    expect(leftOut).toEqual({ count: 1, notes: [{ what: "Hidden part", reason: "The page does not show it." }] });
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
