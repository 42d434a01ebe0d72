import { expect, it } from "vitest";
import { nameOf, type Row } from "./words.ts";

const row = (key: string | null, name: string | null = null) => ({ key, name }) as Row;

it("gives an id beside a name that others have, too, and in place of one that is gone", () => {
  const rows = [row("key_1", "CI"), row("key_2", "CI"), row("key_3", "Night"), row("key_4"), row(null)];
  expect(rows.map((each) => nameOf("key", each, rows))).toEqual([
    { name: "CI", id: "key_1" },
    { name: "CI", id: "key_2" },
    { name: "Night", id: null },
    { name: "A deleted key", id: "key_4" },
    { name: "Without an API key", id: null },
  ]);
});
