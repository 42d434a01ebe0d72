const times = (piece: string) => (length: number) => piece.repeat(Math.ceil(length / piece.length));
const row = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length / 2));

const repeated = [
  ..."*_~`[]<>&\\|#-+=\n\r".split(""),
  ...["_a*", "a_ ", "*a ", "*a_", "_-", "~~a~", "**a*", "*a **b ", "*[", "]*", "![", "[a](", "[[]", "[a](<b", "[]("],
  ...["- ", "> ", "1. ", "* ", "- > ", ">- ", "[^a]: ", "[^", "[^a]", "<a ", "<!--", "a<?", "<a b='", "&amp;", "\\*"],
  ...[
    "www.",
    "www.a_",
    "http://a ",
    "a@",
    "a@b.",
    "a.",
    "`a``b",
    "- a\n",
    "1. a\n",
    "- a\n\n",
    "- a\n+ a\n",
    "- [ ] a\n",
  ],
  ...[
    "> a\n",
    ">\n\n",
    "> - a\n",
    "a|b\n-\n",
    "|a|\n|-|\n",
    "|a\n",
    "a\n=\n",
    "a\n-\n",
    "a\n- b\n2. c\n",
    "[a]: b\n",
    "[a]:\n",
  ],
  ...[
    "- ```\n",
    "- a\n  ```\n",
    "-\n\n     ```\n  *a*\n",
    "```\n",
    "~~~\n",
    "<div>\n",
    "a  \n",
    "    a\n",
    "\ta\n",
    "a\n\n",
    "# a\n",
  ],
];

/** Texts that a parser of Markdown takes long for, or dies of, each of about any length. */
export const attacks: [name: string, make: (length: number) => string][] = [
  ...repeated.map((piece): [string, (length: number) => string] => [JSON.stringify(piece), times(piece)]),
  ["a list that is no rule", (length) => `${row("* ", length * 2)}a`],
  [
    "lists by indentation",
    (length) => Array.from({ length: Math.sqrt(length) }, (_, n) => `${" ".repeat(2 * n)}- a\n`).join(""),
  ],
  [
    "lists by indentation in a quote",
    (length) => Array.from({ length: Math.sqrt(length) }, (_, n) => `> ${" ".repeat(2 * n)}- a\n`).join(""),
  ],
  ["lines that go on in a deep quote", (length) => `${">".repeat(50)}a\n${row("a\n", length)}`],
  ["lines that go on in deep lists", (length) => `- - - - - a\n${row("a\n", length * 2)}`],
  ["brackets in each other", (length) => row("[", length) + row("]", length)],
  ["links in each other", (length) => `${"[".repeat(length / 8)}a${"](b)".repeat(length / 8)}`],
  ["emphasis in each other", (length) => "*a **b ".repeat(length / 14) + "c** d*".repeat(length / 14)],
  [
    "a wide table of short rows",
    (length) => `${row("|a", length / 3)}\n${row("|-", length / 3)}\n${row("|\n", length)}`,
  ],
  ["code that is text", (length) => `- a\n        \`\`\`\n${row("  *a _b\n", length)}`],
  ["code in an entry without text", (length) => `-\n\n     \`\`\`\n${row("  *a _b\n", length)}`],
  ["code in what is no entry", (length) => `text\n2. x\n      \`\`\`\n${row("   *a _b\n", length)}`],
  ["one word", (length) => "x".repeat(length)],
];
