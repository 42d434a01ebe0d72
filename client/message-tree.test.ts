import { expect, it } from "vitest";
import { branchOf, headOf, newestLeaf, siblingsOf } from "./message-tree.ts";
import { draftMessage } from "./turn-events.ts";

const make = (role: "user" | "assistant", id: string, parent_id: string | null) =>
  draftMessage(role, { id, parent_id });

const tree = [
  make("user", "q1", null),
  make("assistant", "a1", "q1"),
  make("assistant", "a2", "q1"),
  make("user", "q2", "a1"),
  make("assistant", "a3", "q2"),
];
const ids = (messages: { id: string }[]) => messages.map(({ id }) => id);

it("walks a branch from its end to the top", () => {
  expect(ids(branchOf(tree, "a3"))).toEqual(["q1", "a1", "q2", "a3"]);
  expect(ids(branchOf(tree, "a2"))).toEqual(["q1", "a2"]);
  expect(branchOf(tree, null)).toEqual([]);
});

it("ends at a broken or circular link", () => {
  expect(ids(branchOf([make("user", "x", "gone")], "x"))).toEqual(["x"]);
  expect(ids(branchOf([make("user", "x", "y"), make("assistant", "y", "x")], "x"))).toEqual(["y", "x"]);
});

it("finds the versions of an answer", () => {
  expect(ids(siblingsOf(tree, tree[2] as (typeof tree)[number]))).toEqual(["a1", "a2"]);
});

it("leads a chosen version to its newest end", () => {
  expect(newestLeaf(tree, "a1")).toBe("a3");
  expect(headOf(tree, "a2")).toBe("a2");
  expect(headOf(tree, "gone")).toBe("a3");
  expect(headOf([], null)).toBeNull();
});
