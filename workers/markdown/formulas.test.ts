import { describe, expect, it } from "vitest";
import { type Formula, formulasIn, hideFormulas, withFormulas } from "./formulas.ts";

/** The formulas that are found in a text, each on a line of its own in double brackets. */
const found = (text: string, isGrowing = false) => {
  const hidden = hideFormulas(text, isGrowing);
  expect(withFormulas(hidden)).toBe(text);
  expect(hidden.length).toBe(text.length + 2 * (hidden.match(/\ufdd0/g)?.length ?? 0));
  return formulasIn(hidden)
    .filter((part): part is Formula => typeof part !== "string")
    .map(({ latex, display }) => (display ? `[[${latex}]]` : latex));
};

describe("formulas", () => {
  it.each([
    ["The area is \\(\\pi r^2\\).", ["\\pi r^2"]],
    ["So $x$, ($y_1$) and $E=mc^2$, with $-1$ and $\\$5$.", ["x", "y_1", "E=mc^2", "-1", "\\$5"]],
    ["$$\\int_0^1 x\\,dx$$ and\n\n\\[ a \\\\[2pt] b + c \\]", ["[[\\int_0^1 x\\,dx]]", "[[a \\\\[2pt] b + c]]"]],
    ["$$\na\n=\n\n- b\n$$", ["[[a\n=\n\n- b]]"]],
    ["> Quoted:\n> $$\n> a > b\n> $$", ["[[a > b]]"]],
    ["1. One\n   $$\n   x + 1\n   $$\n2. $|x|$", ["[[x + 1]]", "|x|"]],
    ["设$x$为正，则$x^2>0$。", ["x", "x^2>0"]],
    ["| $|a|$ | \\(b|c\\) |", ["|a|", "b|c"]],
    ["$\\text{cost of } x$ [1]", ["\\text{cost of } x"]],
    ["The $n$th of all $\\alpha$s.", ["n", "\\alpha"]],
    ["Triangle $ABC$ has $3$ sides \\( n \\) times.", ["ABC", "3", "n"]],
  ])("are found: %s", (text, formulas) => expect(found(text)).toEqual(formulas));

  it.each([
    "It costs $5 and $10.",
    "Between $5-$10, US$5–US$10, $1,000/$2,000, 5$ or 6$.",
    "From $5 to 10$ a head; ($5) or ($6), **$5** and **$10**.",
    "The $HOME and $PATH of $HOME/bin:$PATH.",
    "Code `$x$` and ``\\(y\\) ` $z$`` stay.",
    "```tex\n$x$\n\\[y+1\\]\n```",
    "> ~~~\n> $$x+1$$\n> ~~~",
    "- ```\n  $x$\n  ```",
    "Escaped \\$x\\$, \\\\(y\\\\), \\[1\\], \\[link\\](https://example.com), \\(see below\\), \\(optional\\).",
    "Half: $x and \\(y and $$z",
    "A price of $5\n\nand $",
    "售价$5元，最高$10元，共$",
    "a $ b $ c, $$ $$ and $ $",
    `$${"x".repeat(2_100)}$`,
  ])("are not where there is none: %s", (text) => expect(found(text)).toEqual([]));

  it("that have begun stand as they are written until they end", () => {
    const text = "So\n\n$$\na\n=\nb\n$$ holds";
    for (let length = 0; length <= text.length; length++) {
      const grown = text.slice(0, length);
      const hidden = hideFormulas(grown, true);
      expect(withFormulas(hidden)).toBe(grown);
      if (length >= 6) expect(hidden).not.toContain("=");
    }
    expect(found(text, true)).toEqual(["[[a\n=\nb]]"]);
    expect(found("It costs $5 and", true)).toEqual([]);
  });

  it.each(["$", "$$ ", "\\(", "\\[ ", "`", "$x` ", "$a ", "\\(a\n", "``$ ` "])(
    "of %j without end take no time",
    (sign) => {
      const text = sign.repeat(200_000);
      expect(withFormulas(hideFormulas(text))).toBe(text);
    },
  );
});
