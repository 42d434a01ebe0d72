import { expect, it } from "vitest";
import { EndlessText } from "./endless-text.ts";

/** How much of `text` a watcher lets pass, in characters, fed word by word. */
function passed(text: string): number {
  const watch = new EndlessText();
  let length = 0;
  for (const word of text.match(/\s*\S+/g) ?? []) {
    if (watch.isEndless(word)) return length;
    length += word.length;
  }
  return length;
}

it("notices a model that says one sentence over and over, within a few pages", () => {
  expect(passed("I am sorry, I cannot say. ".repeat(1_000))).toBeLessThan(6_000);
});

it("notices it behind an answer that began well", () => {
  const beginning = Array.from({ length: 800 }, (_, i) => `point ${i}`).join(" ");
  expect(passed(`${beginning} ${"and so on, ".repeat(2_000)}`)).toBeLessThan(beginning.length + 6_000);
});

it("lets long lists, tables and code pass", () => {
  const table = Array.from({ length: 2_000 }, (_, i) => `| row ${i} | 0 | 0 |`).join("\n");
  expect(passed(table)).toBe(table.length);
});
