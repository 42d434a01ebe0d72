import { Parser } from "htmlparser2";

type Said = Partial<Record<"title" | "author" | "date" | "language", string>>;

/** Names of `meta` elements by the property they hold; the first of each that a page has counts. */
const metas = new Map<string, keyof Said>([
  ["author", "author"],
  ["dc.creator", "author"],
  ["article:author", "author"],
  ["date", "date"],
  ["dc.date", "date"],
  ["dcterms.created", "date"],
  ["article:published_time", "date"],
  ["og:title", "title"],
  ["dc.title", "title"],
]);
/** The head of a page, and more than enough of it. */
const headLength = 256 * 1024;
/** What lies deeper is no head: the parser's time grows with the depth. */
const maxDepth = 100;

/** What a page says of itself in its head. */
export function propertiesOfHtml(source: string): Said {
  const said: Said = {};
  let title: string | null = null;
  let depth = 0;
  /** Pictures have titles too. */
  let pictures = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (name === "html" && attributes.lang) said.language ??= attributes.lang;
        if (name === "title" && !said.title && pictures === 0) title = "";
        if (name === "svg") pictures++;
        // An author that is an address is a page about them.
        const property = metas.get((attributes.name ?? attributes.property ?? "").toLowerCase());
        const content = attributes.content?.trim();
        if (name === "meta" && property && content && !/^https?:/.test(content)) said[property] ??= content;
        if (name === "body" || ++depth > maxDepth) parser.pause();
      },
      ontext(text) {
        if (title !== null) title += text;
      },
      onclosetag(name) {
        depth--;
        if (name === "svg") pictures--;
        if (name === "title" && title?.trim()) said.title = title;
        if (name === "title") title = null;
      },
    },
    { decodeEntities: true },
  );
  parser.write(source.slice(0, headLength));
  return said;
}
