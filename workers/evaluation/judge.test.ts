import { expect, it } from "vitest";
import { judge } from "./judge.ts";

const question = {
  question: "What?",
  document: "Pump.pdf",
  page: 3,
  contains: [["24 months", "two years"]],
  unanswerable: false,
};
const found = [
  { source: "other.pdf", page: 3 },
  { source: "pump.pdf", page: 2 },
];

it("tells the document, the page and the answer apart", () => {
  const answer = "It lasts “Two  Years”.";
  expect(judge(question, { answer, cited: [], found })).toEqual({
    foundDocument: true,
    foundPage: false,
    answered: true,
  });
  expect(judge({ ...question, page: 2 }, { answer: "No.", cited: [], found })).toEqual({
    foundDocument: true,
    foundPage: true,
    answered: false,
  });
  expect(judge({ ...question, page: null, contains: [] }, { answer: "", cited: [], found: [] })).toEqual({
    foundDocument: false,
    foundPage: null,
    answered: null,
  });
});

it("wants nothing cited where nothing is known", () => {
  const open = { ...question, document: null, page: null, contains: [], unanswerable: true };
  const answer = "The documents do not say.";
  expect(judge(open, { answer, cited: [], found }).answered).toBe(true);
  expect(judge(open, { answer, cited: [{ source: "pump.pdf", page: 1 }], found }).answered).toBe(false);
});
