import { expect, test } from "vitest";
import { identityOf, KeptReady } from "./kept-ready.ts";

test("keeps no more than it may, and lets go of what was asked for longest ago", () => {
  const kept = new KeptReady<number>(2);
  expect(kept.set("a", 1)).toBe(1);
  kept.set("b", 2);
  expect(kept.get("a")).toBe(1);
  kept.set("c", 3);
  expect([kept.get("a"), kept.get("b"), kept.get("c")]).toEqual([1, undefined, 3]);
  kept.set("c", 4);
  expect([kept.get("a"), kept.get("c")]).toEqual([1, 4]);
});

test("connections are one where all that they say is, and only there", () => {
  const connection = {
    provider: "openai",
    address: "https://a.example/v1",
    apiKey: "sk-1",
    lane: "cloud",
    payer: "installation",
  } as const;
  expect(identityOf({ ...connection }, "m")).toBe(identityOf(connection, "m"));
  const others = [
    identityOf(connection, "n"),
    identityOf(connection),
    identityOf({ ...connection, apiKey: "sk-2" }, "m"),
    identityOf({ ...connection, apiKey: undefined }, "m"),
    identityOf({ ...connection, address: "https://b.example/v1" }, "m"),
    identityOf({ ...connection, provider: "other" }, "m"),
  ];
  expect(others).not.toContain(identityOf(connection, "m"));
});
