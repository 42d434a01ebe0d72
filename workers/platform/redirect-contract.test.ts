import { expect, it } from "vitest";
import { sameSitePath } from "./redirect-contract.ts";

it("lets paths of this site through", () => {
  expect(sameSitePath("/clones/new?x=1#top", "/")).toBe("/clones/new?x=1#top");
});

it.each([
  null,
  "",
  "clones",
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "javascript:alert(1)",
])("sends %j to the fallback", (path) => {
  expect(sameSitePath(path, "/clones")).toBe("/clones");
});
