import { expect, it } from "vitest";
import { type ThoughtHabits, ThoughtTags } from "./thought-tags.ts";

const unknown = (): ThoughtHabits => ({ omitsOpening: false, isPlain: false });

/** What an answer comes to, in pieces of some length. */
function read(text: string, length: number, { model = "model", habits = unknown(), isCut = false } = {}) {
  const said = { text: "", reasoning: "" };
  const tags = new ThoughtTags(model, habits, {
    said: (kind, piece) => {
      said[kind] += piece;
    },
    alive: () => {},
  });
  for (let at = 0; at < text.length; at += length) tags.push(text.slice(at, at + length));
  tags.end(isCut);
  return said;
}

/** In pieces of every length that matters, it comes to the same. */
function readEach(text: string, options?: Parameters<typeof read>[2]) {
  const whole = read(text, text.length, options);
  for (const length of [1, 2, 3, 5, 7, 11, 16, 40])
    expect(read(text, length, { ...options, habits: unknown() }), `${length}`).toEqual(whole);
  return whole;
}

const answer = "The crane lifts **40** tonnes.";

it.each([
  ["<think>\nHm, [1] says 40.\n</think>\n\n"],
  ["\n  <think>Hm.</think>"],
  ["<think>\n\n</think>\n\n"],
  ["<think></think>"],
  ["<thinking>Hm.</thinking>\n"],
  ["<THINK>Hm.</THINK>\n"],
  ["[THINK]Hm.[/THINK]"],
  ["◁think▷Hm.◁/think▷"],
  ["<seed:think>Hm.</seed:think>"],
  ["<|begin_of_thought|>\nHm.<|end_of_thought|>\n"],
  ["<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>"],
  ["<think>One.</think>\n<think>Two.</think>\n\n"],
  ["<think>One.\n<think>\nTwo.\n</think>\nThree.\n</think>\n\n"],
  ["<think>\n<think>\nOne.</think>\n\n"],
  ["<think>The tag `</think>` ends it, a < b.</think>\n\n"],
  ["Okay, the question is about cranes.\n</think>\n\n"],
  ["The user asks about cranes. Let me recall.</think>\n"],
  ["用户问起重机。\n</think>\n\n"],
  ["Der Nutzer fragt nach Kränen.\n</think>\n\n"],
  ["</think>\n\n"],
])("%j before an answer is no part of it", (thoughts) => {
  const { text, reasoning } = readEach(thoughts + answer);
  expect(text).toBe(answer);
  expect(reasoning).toBe(reasoning.replaceAll(answer, ""));
});

it.each([
  ["Models write `<think>` and `</think>` around thoughts."],
  ["`<think>` opens it."],
  ["Such as:\n\n```\n<think>\nHm.\n</think>\nYes.\n```\n\nThat is all."],
  ["~~~xml\n<think>\n~~~\nand\n\n```\n</think>\n```\n"],
  ["The tag <think> stands in the text, and </think> too."],
  ["In code:\n\n    <think>\n    </think>\n\nDone."],
  ["a < b and b > c <thi"],
  ["<b>Bold</b> first."],
  ["<thinkers> are not tags."],
  ["Okay, forty tonnes."],
  ["The user manual says forty tonnes."],
  ["[Think] twice."],
  ["Okay, like this:\n```\n<think>\n</think>\n```\nThat is all."],
  ["\n\n Indented at first."],
  ["A list:\n- <think>\n- </think>\n"],
  ["Line\n<think> is a tag that nobody closes here."],
  ["Models end with `<|im_end|>`."],
  ["Two times </s>x"],
])("%j is an answer as it stands", (text) => {
  expect(readEach(text)).toEqual({ text, reasoning: "" });
});

it.each([
  ["First.\n<think>\nHm.\n</think>\nSecond.", "First.\nSecond."],
  ["First.\n\n<thinking>Hm.</thinking>\n\nSecond.", "First.\n\nSecond."],
  [`${answer}<|im_end|>`, answer],
  [`${answer}</s>\n`, answer],
])("what stands in %j on lines of its own is taken out", (text, right) => {
  expect(readEach(text).text).toBe(right);
});

it("an answer behind thoughts that name their tag stays one", () => {
  expect(readEach(`<think>It has to begin with\n<think>, then end.</think>${answer}`).text).toBe(answer);
});

it("thoughts that never end are thoughts", () => {
  expect(readEach("<think>Hm, and so on")).toEqual({ text: "", reasoning: "Hm, and so on" });
  const cut = { model: "deepseek-r1:8b", isCut: true };
  expect(readEach("First, cranes", cut)).toEqual({ text: "", reasoning: "First, cranes" });
});

it("learns from one answer how the next is to be read", () => {
  const habits = unknown();
  // Nobody could know: what was shown cannot be taken back.
  expect(read("Cranes lift.\n</think>\n\nForty.", 4, { habits }).text).toBe("Cranes lift.\nForty.");
  expect(habits.omitsOpening).toBe(true);
  expect(read("Cranes lift.\n</think>\n\nForty.", 4, { habits })).toEqual({
    text: "Forty.",
    reasoning: "Cranes lift.\n",
  });
  const plain = unknown();
  read(answer, 4, { habits: plain });
  expect(plain).toEqual({ omitsOpening: false, isPlain: true });
});

it("costs no more than its length", () => {
  for (const piece of ["\n<think>", "<", "\n</think>x", "```\n<think>\n", "\n<thi", "</s>", "<think>`</think>"]) {
    const text = piece.repeat(Math.floor(200_000 / piece.length));
    expect(read(text, 1_000).text.length + read(text, text.length).text.length).toBeGreaterThanOrEqual(0);
  }
});
