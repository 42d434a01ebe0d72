import assert from "node:assert/strict";
import { it } from "node:test";
import { moneyFaults } from "./money-faults.ts";

const linesOf = (text: string) => moneyFaults("a.ts", text).map((fault) => Number(/:(\d+):/.exec(fault)?.[1]));

it("finds fractions, divisions and what rounds them, and lets BigInts be parted", () => {
  assert.deepEqual(
    linesOf("const fee = amount * 0.2;\nconst half = amount / 2;\nlet rest = 3;\nrest /= 2;"),
    [1, 2, 4],
  );
  assert.deepEqual(linesOf("Math.round(amount);\nNumber.parseFloat(text);\n(amount).toFixed(2);\n"), [1, 2, 3]);
  assert.deepEqual(linesOf("const per = 10n;\nconst a = BigInt(x) / per;\nconst b = (BigInt(x) * 3n) / 4n;\n"), []);
});
