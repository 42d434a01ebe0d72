import { expect, it } from "vitest";
import { questionsIn } from "./read-questions.ts";

const own = { question: "How long?", document: "pump.md", contains: [["24 months"]] };

it("reads lists and lines of our own form", () => {
  expect(questionsIn(JSON.stringify([own]))).toEqual([own]);
  expect(questionsIn(`${JSON.stringify(own)}\n\n${JSON.stringify(own)}\r\n`)).toEqual([own, own]);
});

it("reads the form with sources", () => {
  const line = {
    id: "a",
    type: "fact",
    question: "How?",
    must_contain: [["x"]],
    sources: [{ document: "a.pdf", page: 2 }],
  };
  expect(questionsIn(JSON.stringify(line))).toEqual([
    { question: "How?", document: "a.pdf", page: 2, contains: [["x"]], unanswerable: false },
  ]);
  const open = { type: "unanswerable", question: "Who?", must_contain: [], sources: [] };
  expect(questionsIn(JSON.stringify(open))[0]).toMatchObject({ unanswerable: true, document: null });
});

it("names the line that cannot be read", () => {
  expect(() => questionsIn('{"question":"a"}\nnope')).toThrow("Line 2");
});
