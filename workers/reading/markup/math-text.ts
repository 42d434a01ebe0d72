/** An element of a formula, in MathML or Office's OMML, without the prefix of its namespace. */
interface MathElement {
  name: string;
  attributes: Record<string, string>;
  children: MathElement[];
  text: string;
}

/** What lies deeper is no formula that anybody reads. */
const maxDepth = 100;
const operators = /[=+−±∓×·⋅∙÷<>≤≥≠≈≡∼≃≅∝→←↔⇒⇐⇔∈∉⊂⊆∪∩∧∨∘]/u;
/** A hyphen between two things is a minus. */
const tokens = /\p{N}+(?:[.,]\p{N}+)*|[\p{L}\p{M}]+|\s+|./gsu;
const alone = /^(?:[\p{L}\p{M}∞∅ℏ]+|\p{N}+(?:[.,]\p{N}+)*)['′″°%!]*$/u;
const accents: Record<string, string> = {
  "¯": "\u0304",
  "‾": "\u0304",
  "―": "\u0304",
  "^": "\u0302",
  ˆ: "\u0302",
  "~": "\u0303",
  "˜": "\u0303",
  "→": "\u20d7",
  "⃗": "\u20d7",
  "˙": "\u0307",
  ".": "\u0307",
  "¨": "\u0308",
};

/** Whether `text` is one pair of brackets with all that is in it. */
function isEnclosed(text: string): boolean {
  if (!/^[([{|].*[)\]}|]$/s.test(text)) return false;
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    if ("([{".includes(text[i] as string)) open++;
    else if (")]}".includes(text[i] as string) && --open === 0 && i < text.length - 1) return false;
  }
  return true;
}

/** `text` in brackets where it is more than one thing. */
const grouped = (text: string) => (text === "" || alone.test(text) || isEnclosed(text) ? text : `(${text})`);

const isWordLike = (character: string | undefined) =>
  character !== undefined && /[\p{L}\p{M}\p{N}∞√∑∏∫∮)\]}′!%°]/u.test(character);

/** Parts of a formula behind one another: operators with spaces about them, and things that are multiplied apart. */
class MathLine {
  #text = "";

  get text(): string {
    return this.#text.trim();
  }

  /** Plain characters, which say by themselves what they are. */
  add(text: string): void {
    for (const [token] of text.matchAll(tokens)) {
      if (operators.test(token)) this.#operator(token);
      else if (/^[-–]$/.test(token)) this.#operator("-");
      else if (/^[,;]$/.test(token)) this.#text = `${this.#text.trimEnd()}${token} `;
      else if (token === "\u2062" || token === "\u2063" || /^\s/.test(token)) this.#space();
      else if (token !== "\u2061") this.#text += token;
    }
  }

  /** A thing of its own: a variable, a fraction, something with an exponent. */
  put(text: string): void {
    if (text === "") return;
    const last = [...this.#text.slice(-2)].at(-1);
    if (isWordLike(last) && /^[\p{L}\p{N}√∑∏∫∮]/u.test(text)) this.#space();
    this.#text += text;
  }

  #space(): void {
    if (this.#text !== "" && !this.#text.endsWith(" ")) this.#text += " ";
  }

  #operator(sign: string): void {
    const before = this.#text.trimEnd();
    // A sign before its number, and not between two.
    if (/^[-+−±]$/.test(sign) && !isWordLike([...before.slice(-2)].at(-1))) this.#text += sign;
    else this.#text = `${before} ${sign} `;
  }
}

const propertyOf = ({ children }: MathElement, name: string): string | undefined => {
  const properties = children.find((child) => child.name.endsWith("Pr"));
  const property = properties?.children.find((child) => child.name === name);
  return property && (property.attributes["m:val"] ?? property.attributes.val ?? property.text.trim());
};

const isOn = (value: string | undefined) => value !== undefined && !/^(?:0|false|off)$/.test(value);

/** Children that are joined, as every element does that means nothing else. */
function lineOf(children: MathElement[], depth: number): string {
  const line = new MathLine();
  for (const child of children) {
    const { name } = child;
    if (name === "mo" || name === "t" || (name === "r" && depth < maxDepth)) line.add(wordsOf(child));
    else if (name === "mspace") line.add(" ");
    else line.put(said(child, depth + 1));
  }
  return line.text;
}

const wordsOf = ({ text, children }: MathElement): string =>
  text + children.reduce((all, child) => (child.name.endsWith("Pr") ? all : all + wordsOf(child)), "");

/** A base with what stands below and above it. */
function scripted(base: string, below: string, above: string): string {
  const raised = above === "" ? "" : /^[′″'°*†]+$/u.test(above) ? above : `^${grouped(above)}`;
  const accent = below === "" && accents[above];
  if (accent && [...base].length === 1) return base + accent;
  return `${/^[∑∏∫∮⋃⋂]$/u.test(base) ? base : grouped(base)}${below === "" ? "" : `_${grouped(below)}`}${raised}`;
}

const fraction = (over: string, under: string) => `${grouped(over)}/${grouped(under)}`;
const root = (inside: string, degree: string) => `√${degree === "" || degree === "2" ? "" : `[${degree}]`}(${inside})`;
const matrix = (rows: string[][]) => `[${rows.map((row) => row.join(", ")).join("; ")}]`;

/** What a child says by its place; each is asked for once, as each asks its own. */
type Parts = (i: number) => string;

/** What elements of MathML say, of what their children say. */
const mathMl: Record<string, (of: Parts, element: MathElement, depth: number) => string> = {
  mfrac: (of) => fraction(of(0), of(1)),
  msqrt: (_, { children }, depth) => root(lineOf(children, depth), ""),
  mroot: (of) => root(of(0), of(1)),
  msup: (of) => scripted(of(0), "", of(1)),
  msub: (of) => scripted(of(0), of(1), ""),
  msubsup: (of) => scripted(of(0), of(1), of(2)),
  mover: (of) => scripted(of(0), "", of(1)),
  munder: (of) => scripted(of(0), of(1), ""),
  munderover: (of) => scripted(of(0), of(1), of(2)),
  mmultiscripts: (of) => scripted(of(0), of(1), of(2)),
  mfenced(of, { children, attributes: { open = "(", close = ")", separators = "," } }) {
    return `${open}${children.map((_, i) => of(i)).join(`${separators.trim()[0] ?? ""} `)}${close}`;
  },
  mtable: (_, { children }, depth) =>
    matrix(children.map((row) => row.children.map((cell) => lineOf(cell.children, depth + 2)))),
  semantics: (of) => of(0),
  maction: (of) => of(0),
  annotation: () => "",
  "annotation-xml": () => "",
  mphantom: () => "",
};

const named = (element: MathElement, name: string, depth: number) => {
  const child = element.children.find((each) => each.name === name);
  return child ? lineOf(child.children, depth + 1) : "";
};

/** What elements of OMML say, whose children have names. */
const omml: Record<string, (of: (name: string) => string, element: MathElement, depth: number) => string> = {
  f: (of) => fraction(of("num"), of("den")),
  rad: (of) => root(of("e"), of("deg")),
  sSup: (of) => scripted(of("e"), "", of("sup")),
  sSub: (of) => scripted(of("e"), of("sub"), ""),
  sSubSup: (of) => scripted(of("e"), of("sub"), of("sup")),
  sPre: (of) => `${scripted("", of("sub"), of("sup"))}${of("e")}`,
  limLow: (of) => scripted(of("e"), of("lim"), ""),
  limUpp: (of) => scripted(of("e"), "", of("lim")),
  nary(of, element) {
    const [below, above] = [propertyOf(element, "subHide"), propertyOf(element, "supHide")];
    const sign = scripted(
      propertyOf(element, "chr") ?? "∫",
      isOn(below) ? "" : of("sub"),
      isOn(above) ? "" : of("sup"),
    );
    return `${sign} ${of("e")}`;
  },
  d(_, element, depth) {
    const inside = element.children
      .filter(({ name }) => name === "e")
      .map(({ children }) => lineOf(children, depth + 1));
    const [begin, end] = [propertyOf(element, "begChr") ?? "(", propertyOf(element, "endChr") ?? ")"];
    return `${begin}${inside.join(propertyOf(element, "sepChr") ?? "|")}${end}`;
  },
  m: (_, { children }, depth) =>
    matrix(
      children
        .filter(({ name }) => name === "mr")
        .map((row) => row.children.map((cell) => lineOf(cell.children, depth + 2))),
    ),
  eqArr: (_, { children }, depth) =>
    children
      .filter(({ name }) => name === "e")
      .map((line) => lineOf(line.children, depth + 1))
      .join("; "),
  func: (of) => `${of("fName")} ${of("e")}`.replace(/ (?=\()/, ""),
  acc: (of, element) => scripted(of("e"), "", propertyOf(element, "chr") ?? "^"),
  bar: (of) => scripted(of("e"), "", "¯"),
  phant: (of, element) => (propertyOf(element, "show") === "0" ? "" : of("e")),
};

function said(element: MathElement, depth: number): string {
  const { name, children } = element;
  if (depth > maxDepth) return wordsOf(element);
  if (name.endsWith("Pr")) return "";
  const ofOffice = omml[name];
  if (ofOffice) return ofOffice((child) => named(element, child, depth), element, depth);
  const say = mathMl[name];
  if (say) return say((i) => (children[i] ? said(children[i], depth + 1) : ""), element, depth);
  if (children.length > 0) return lineOf(children, depth);
  return element.text.replace(/\s+/g, " ").trim();
}

/**
 * Reads a formula in MathML or OMML as its elements go by, and says it in one line: `A = π r^2`, `(a + b)/(2 c)`, `√(x)`,
 * `∑_(i = 1)^n x_i`, `[1, 0; 0, 1]`.
 */
export class MathText {
  readonly #open: MathElement[] = [];

  /** An element begins; the first is the whole formula. */
  open(name: string, attributes: Record<string, string>): void {
    const element = { name, attributes, children: [], text: "" };
    this.#open.at(-1)?.children.push(element);
    this.#open.push(element);
  }

  text(text: string): void {
    const element = this.#open.at(-1);
    if (element) element.text += text;
  }

  /** An element ends. Returns what the formula says when it was the last that is open, else null. */
  close(): string | null {
    const element = this.#open.pop();
    return element && this.#open.length === 0 ? said(element, 0) : null;
  }
}
