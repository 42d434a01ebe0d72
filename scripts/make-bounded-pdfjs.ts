/**
 * Makes the pdf.js that the Worker reads PDFs with, `workers/reading/pdf/bounded-pdfjs.mjs`, from the one in unpdf:
 * `npm run script -- make-bounded-pdfjs.ts`, once for each new version of it. It is the same program, but every turn of a loop, every call, what is
 * kept and the memory that is asked for are told to `pdf-bounds.ts`, which ends it where a PDF takes too much of them. It asks `glyph-text.ts`
 * what names of glyphs mean that it does not know, and tells `page-drawing.ts` what else than text is on a page.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";

const source = new URL(import.meta.resolve("unpdf/pdfjs"));
const target = new URL("../workers/reading/pdf/bounded-pdfjs.mjs", import.meta.url);

/** A node of the syntax tree, as far as this script looks at it. */
interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** A text that is put in at a place. What closes something there goes before what opens. */
interface Insertion {
  at: number;
  closes: boolean;
  text: string;
}

const loops = /^(?:For|ForOf|ForIn|While|DoWhile)Statement$/;
const functions = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
const sized =
  /^(?:Array|ArrayBuffer|Uint8Array|Uint8ClampedArray|Int8Array|Int16Array|Uint16Array|Int32Array|Uint32Array|Float32Array|Float64Array)$/;
/** Methods that pass over all of a text or list in one call. */
const passing =
  /^(?:splice|shift|unshift|indexOf|lastIndexOf|includes|slice|concat|join|replace|replaceAll|split|match|fill|sort|reverse|copyWithin|map|filter|some|every|find|findIndex|forEach|reduce|flat|flatMap|padStart|trim)$/;
/** Methods of expressions, which pass over the text that they are given. */
const searching = /^(?:test|exec)$/;
/** What makes much of little by what a file only names: tables of objects, widths and maps of characters. */
const keeping = [
  "readXRefStream",
  "readXRefTable",
  "extractWidths",
  "mapCidRange",
  "mapBfRange",
  "mapBfRangeToArray",
  "mapOne",
  "readToUnicode",
  "readCmapTable",
];

/** Calls that are put in before a place of the program, which it must have exactly once. */
const additions: [before: string, text: string][] = [
  // Where it keeps a state for each `q` of a page: it looks things up through all of them.
  ["this.stateStack.push(this.state)", "boundNesting(this.stateStack.length),"],
  // Where it looks for the text of a glyph that has nothing but a name, which may be made of others.
  ["let l=0;switch(s[0]){case`G`:", "let named=glyphText(s,o);if(named!==null){n[a]=named;continue}"],
  [
    "if(e[0]===`u`){let t=e.length,r;if(t===7",
    "let named=glyphText(e,t);if(named!==null&&[...named].length===1)return named.codePointAt(0);",
  ],
  // Where it asks whether the file says which character a glyph is: one that says nothing leaves it to the name.
  ["e.toUnicode.has(n)||(t[n]=e.fallbackToUnicode[n])", "!isTextless(e.toUnicode.get(n))&&"],
  [
    "if(e.isInternalFont||e.hasIncludedToUnicodeMap||t===e.defaultEncoding",
    "if(e.hasIncludedToUnicodeMap&&!(e.toUnicode instanceof IdentityToUnicodeMap))amendTextless(e,t,pt());",
  ],
  // Where it reads a predefined map anew for each font that names it, and keeps all of its characters for each.
  ["if(!t)throw Error(`Built-in CMap parameters are not provided.`)", "if(cmaps.has(e))return cmaps.get(e);"],
  [
    "return r?new BinaryCMapReader().process(n,i,e=>extendCMap(i,t,e)):parseCMap(i,new Lexer",
    "if(r){cmaps.set(e,new BinaryCMapReader().process(n,i,e=>extendCMap(i,t,e)));return cmaps.get(e)}",
  ],
  ["new ToUnicodeMap(a)}return new IdentityToUnicodeMap(e.firstChar", "boundTable(a),"],
  // Where it passes over what is no text of a page.
  ["if(_.name!==`Form`){D.set(h,m.objId,!0)", "if(_.name===`Image`)pictureDrawn(i.state.ctm);"],
  ["switch(y=p.args,e|0){case T.setFont:", "operatorPassed(e,j.ctm);"],
];

/** How pdf.js tells itself what failed: that must still work where everything else has to end. */
const telling = ["postMessage", "terminate"];

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === "string";

const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

const nameOf = (node: unknown): string => {
  const { type, name } = (node ?? {}) as { type?: string; name?: unknown };
  return (type === "Identifier" || type === "PrivateIdentifier") && typeof name === "string" ? name : "";
};

/** Whether a chain may end early in what is to be looked at; then it cannot be taken out of the chain. */
const mayEndEarly = (node: Node): boolean =>
  node.optional === true || [node.object, node.callee].some((inner) => isNode(inner) && mayEndEarly(inner));

/** Whether an expression puts something into a list or a table. */
const keepsMore = (node: Node): boolean =>
  node.type === "AssignmentExpression"
    ? (node.left as Node).computed === true
    : node.type === "CallExpression" && nameOf((node.callee as Node).property) === "push";

/** Puts calls into the program, and takes note of which functions that keep were met. */
class Bounder {
  readonly insertions: Insertion[] = [];
  readonly met = new Set<string>();

  visit(node: Node, keeps: string): void {
    if (telling.includes(nameOf(node.key))) return;
    const within = this.#keepingName(node) || keeps;
    const closing: Insertion[] = [];
    const around = (inner: Node, before: string, after: string) => {
      this.insertions.push({ at: inner.start, closes: false, text: before });
      closing.push({ at: inner.end, closes: true, text: after });
    };
    const body = node.body as Node | undefined;
    // Whether a stream is unpacked by the engine.
    if (node.kind === "get" && nameOf(node.key) === "isAsync")
      this.insertions.push({ at: ((node.value as Node).body as Node).start + 1, closes: false, text: "return false;" });
    if (loops.test(node.type) && isNode(body)) {
      if (body.type === "BlockStatement")
        this.insertions.push({ at: body.start + 1, closes: false, text: "boundTurn();" });
      else around(body, "{boundTurn();", "}");
    } else if (functions.test(node.type) && body?.type === "BlockStatement") {
      this.insertions.push({ at: body.start + 1, closes: false, text: "boundCall();" });
    } else if (within && keepsMore(node)) {
      this.met.add(within);
      around(node, "(boundKept(),", ")");
    } else if (node.type === "NewExpression") this.#boundSize(node, around);
    else if (node.type === "CallExpression") this.#boundPassing(node, around);
    for (const child of childrenOf(node)) this.visit(child, within);
    this.insertions.push(...closing);
  }

  #keepingName(node: Node): string {
    const name = nameOf(node.key) || (node.type === "FunctionDeclaration" ? nameOf(node.id) : "");
    return keeping.includes(name) ? name : "";
  }

  #boundSize(node: Node, around: (inner: Node, before: string, after: string) => void): void {
    const [size, more] = node.arguments as Node[];
    const name = nameOf(node.callee);
    if (size && !more && size.type !== "SpreadElement" && sized.test(name))
      around(size, "boundSize(", `,${/(\d+)Array$/.exec(name)?.[1] ?? (name === "ArrayBuffer" ? 8 : 64)})`);
  }

  #boundPassing(node: Node, around: (inner: Node, before: string, after: string) => void): void {
    const { type, computed, object, property } = node.callee as Node;
    if (type !== "MemberExpression" || computed || !isNode(object) || object.type === "Super") return;
    const [text] = node.arguments as Node[];
    if (searching.test(nameOf(property)) && text) around(text, "boundPassing(", ")");
    else if (passing.test(nameOf(property)) && !mayEndEarly(object)) around(object, "boundPassing(", ")");
  }
}

const head = `// Made by scripts/make-bounded-pdfjs.ts of the pdf.js in unpdf; not to be changed by hand.
// pdf.js: Copyright Mozilla Foundation, Apache License 2.0. unpdf: Copyright Johann Schopplich, MIT License.
import * as bounds from "./pdf-bounds.ts";
import { cmaps } from "./cmap-source.ts";
import { amendTextless, glyphText, isTextless } from "./glyph-text.ts";
import { operatorPassed, pictureDrawn } from "./page-drawing.ts";
const { boundTurn, boundCall, boundKept, boundTable, boundNesting, boundSize, boundPassing } = bounds;
// What the engine unpacks comes without bounds: pdf.js unpacks by itself.
const DecompressionStream = undefined;
`;

/** pdf.js with its bounds. Throws where a function that must be bounded is not in it. */
export function makeBoundedPdfjs(): string {
  const code = readFileSync(source, "utf8");
  const { program, errors } = parseSync(fileURLToPath(source), code);
  const bounder = new Bounder();
  bounder.visit(program as unknown as Node, "");
  const missing = keeping.filter((name) => !bounder.met.has(name));
  for (const [before, text] of additions) {
    if (code.split(before).length !== 2) missing.push(before);
    bounder.insertions.push({ at: code.indexOf(before), closes: false, text });
  }
  if (errors.length > 0 || missing.length > 0)
    throw new Error(
      `pdf.js is not as it was: ${missing.join(", ")} are not there, or keep nothing that could be bounded.`,
    );
  const order = bounder.insertions.toSorted((a, b) => a.at - b.at || Number(b.closes) - Number(a.closes));
  const parts = [head];
  let from = 0;
  for (const insertion of order) {
    // What begins right behind a word, as after `return`, must not become part of it.
    const isBehindWord = !insertion.closes && /\w/.test(code[insertion.at - 1] ?? "");
    parts.push(code.slice(from, insertion.at), isBehindWord ? " " : "", insertion.text);
    from = insertion.at;
  }
  return [...parts, code.slice(from)].join("");
}

/** Whether the pdf.js that is kept is that of the installed unpdf, with its bounds. */
export const isBoundedPdfjsTrue = (): boolean => readFileSync(target, "utf8") === makeBoundedPdfjs();

if (process.argv[1] === import.meta.filename) writeFileSync(target, makeBoundedPdfjs());
