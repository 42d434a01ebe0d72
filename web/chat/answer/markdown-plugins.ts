import { gfmFromMarkdown } from "mdast-util-gfm";
import type rehypeSanitize from "rehype-sanitize";
import { defaultSchema, type Options as Schema } from "rehype-sanitize";
import { markersIn } from "../../../workers/markdown/citation-brackets.ts";
import { formulasIn } from "../../../workers/markdown/formulas.ts";
import { asWritten } from "../../../workers/markdown/prepare.ts";
import { markdownSyntax } from "../../../workers/markdown/syntax.ts";

type Root = Parameters<ReturnType<typeof rehypeSanitize>>[0];
type RootContent = Root["children"][number];
type Element = Extract<RootContent, { type: "element" }>;
type ElementContent = Element["children"][number];

/** A text without the spaces at its end. An expression would look at each run of spaces in it, from each of its spaces. */
function withoutSpaces(text: string): string {
  let end = text.length;
  while (text[end - 1] === " ") end--;
  return text.slice(0, end);
}

/** `[2]` in running text becomes a chip, where the answer has a citation with that number. Code, indices (`arr[1]`) and links keep their text. */
export function citationChips(known: ReadonlySet<number>) {
  const split = (text: string): ElementContent[] => {
    const parts: ElementContent[] = [];
    let at = 0;
    for (const { number, start, end } of markersIn(text)) {
      if (!known.has(number)) continue;
      // The narrow space that does not break keeps a number with the words that it stands for.
      const said = text.slice(at, start);
      const words = said.endsWith(" ") ? `${withoutSpaces(said)}\u202f` : said;
      if (words) parts.push({ type: "text", value: words });
      parts.push({ type: "element", tagName: "sup", properties: { dataCitation: String(number) }, children: [] });
      at = end;
    }
    if (at === 0) return [{ type: "text", value: text }];
    return at < text.length ? [...parts, { type: "text", value: text.slice(at) }] : parts;
  };
  const walk = (node: Root | Element): void => {
    node.children = node.children.flatMap((child): RootContent[] => {
      if (child.type === "text") return split(child.value);
      if (child.type === "element" && !["code", "pre", "a"].includes(child.tagName)) walk(child);
      return [child];
    }) as typeof node.children;
  };
  return () => (tree: Root) => walk(tree);
}

interface Written {
  type: string;
  identifier?: string;
  referenceType?: string;
  value?: string;
  children?: Written[];
}

/** Keeps `[1]` a citation where the answer also says `[1]: https://…`, as lists of sources do, which would make a link of it. */
export function citationsBeforeLinks(known: ReadonlySet<number>) {
  const walk = (node: Written): Written => {
    const { type, referenceType, identifier = "" } = node;
    if (type === "linkReference" && referenceType === "shortcut" && known.has(Number(identifier)))
      return { type: "text", value: `[${identifier}]` };
    if (node.children) node.children = node.children.map(walk);
    return node;
  };
  return () => (tree: Written) => {
    walk(tree);
  };
}

/** Has an answer read by our Markdown. HTML in it is shown as it was written, as text: it neither works nor disappears. */
export function answerSyntax(this: { data(): object }) {
  Object.assign(this.data(), { micromarkExtensions: markdownSyntax, fromMarkdownExtensions: [gfmFromMarkdown()] });
}

/** Undoes in what was parsed how the text was `prepared`: formulas become elements, and are what was written in code and addresses. */
export function formulas() {
  const inText = (text: string): ElementContent[] =>
    formulasIn(text).map((part) =>
      typeof part === "string"
        ? { type: "text", value: asWritten(part) }
        : { type: "element", tagName: "span", properties: { dataFormula: part.source }, children: [] },
    );
  const walk = (node: Root | Element, isCode: boolean): void => {
    node.children = node.children.flatMap((child): RootContent[] => {
      if (child.type === "text") return isCode ? [{ ...child, value: asWritten(child.value) }] : inText(child.value);
      if (child.type !== "element") return [child];
      for (const [name, value] of Object.entries(child.properties))
        if (typeof value === "string") child.properties[name] = asWritten(addressed(name, value));
      walk(child, isCode || child.tagName === "code");
      return [child];
    }) as typeof node.children;
  };
  return () => (tree: Root) => walk(tree, false);
}

/** Addresses are encoded by now, in which what was hidden is not found. */
function addressed(name: string, value: string): string {
  if (name !== "href" && name !== "src") return value;
  return value.replace(/%E[EF]%[89AB][\dA-F]%[89AB][\dA-F]/g, (code) => {
    const char = decodeURIComponent(code);
    return /[\ue000-\ue07f\ufdd0\ufdd1\ufeff]/.test(char) ? char : code;
  });
}

/** Images become links to themselves: an answer must not make the reader's browser call anybody. */
export function imagesToLinks() {
  const walk = (node: Root | Element): void => {
    for (const child of node.children) {
      if (child.type !== "element") continue;
      if (child.tagName === "img") {
        const { src, alt } = child.properties;
        const label = `Image: ${typeof alt === "string" && alt ? alt : String(src ?? "")}`;
        child.tagName = "a";
        child.properties = { href: String(src ?? "") };
        child.children = [{ type: "text", value: label }];
      } else walk(child);
    }
  };
  return (tree: Root) => walk(tree);
}

/** Code longer than this is shown in one colour: telling its parts takes time out of all proportion for code made to that end. */
const longestHighlighted = 4_000;
const longestHighlightedLine = 400;

const textOf = (node: ElementContent): string =>
  node.type === "text" ? node.value : node.type === "element" ? node.children.map(textOf).join("") : "";

/** Keeps what is too long from being highlighted: the class is the highlighter's own word for that. */
export function boundHighlighting() {
  const walk = (node: Root | Element): void => {
    for (const child of node.children) {
      if (child.type !== "element") continue;
      if (child.tagName !== "code") walk(child);
      else if (Array.isArray(child.properties.className)) {
        const code = textOf(child);
        const isLong =
          code.length > longestHighlighted || code.split("\n").some((line) => line.length > longestHighlightedLine);
        if (isLong) child.properties.className.push("no-highlight");
      }
    }
  };
  return (tree: Root) => walk(tree);
}

/** What may be left of an answer once everything else has been done to it. Nothing here loads anything. */
export const answerSchema: Schema = {
  ...defaultSchema,
  tagNames: [
    ...["p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "a"],
    ...["em", "strong", "del", "sup", "sub", "table", "thead", "tbody", "tr", "th", "td", "span", "input", "section"],
  ],
  attributes: {
    a: ["href", "title", "ariaDescribedBy", "dataFootnoteRef", "dataFootnoteBackref", "id"],
    code: [["className", /^language-[\w+#.-]{1,40}$/, "hljs"]],
    span: ["dataFormula", ["className", /^hljs-[\w-]{1,40}$/, /^(?:function|class|inherited)_$/]],
    sup: ["dataCitation"],
    ul: [["className", "contains-task-list"]],
    li: [["className", "task-list-item"], "id"],
    ol: ["start"],
    th: ["align"],
    td: ["align"],
    input: [["type", "checkbox"], ["disabled", true], "checked"],
  },
  protocols: { href: ["http", "https", "mailto"] },
  required: { input: { type: "checkbox", disabled: true } },
  strip: ["script", "style"],
  // The ids are those of footnotes alone, which have the prefix of their answer.
  clobberPrefix: "",
};
