import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { batch } from "../db/batch.ts";
import { insertUsage, type UsageEvent } from "../metering/queries.ts";
import { createRuntime } from "../platform/runtime.ts";
import { signUp, workspaceOf } from "../testing/client.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import { reconcileAll } from "./reconcile.ts";
import { walletObject } from "./wallets.ts";

const credit = 1_000_000;
const runtime = createRuntime(env, {});
const terms = { priceId: null, shares: [] };

async function owner(funds = 0) {
  const workspaceId = await workspaceOf((await signUp()).token);
  const wallet = walletObject(env, workspaceId);
  if (funds > 0) await wallet.fund(workspaceId, { id: "pay", amount: funds, details: {} });
  return { workspaceId, wallet };
}

/** Two hours ago, so much was used by the installation's keys. */
const used = (workspaceId: string, ids: string[], microCredits: number, createdAt = Date.now() - 2 * 3_600_000) => {
  const of = {
    workspaceId,
    purpose: "title",
    turnId: null,
    userId: null,
    keyId: null,
    cloneId: null,
    conversationId: null,
  };
  const model = { provider: "openai", model: "openai/m", lane: "cloud", payer: "installation", priceId: "p" } as const;
  const counts = {
    promptTokens: 1,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    completionTokens: 1,
    reasoningTokens: null,
  };
  const took = { ...counts, estimated: false, durationMs: 1, firstTokenMs: null, outcome: "complete" } as const;
  const events = ids.map((id) => ({ id, ...of, ...model, ...took, microCredits, createdAt }) as UsageEvent);
  return batch(runtime.db, insertUsage(runtime.db, events));
};
const since = (at: number) => env.DB.prepare("UPDATE wallet_entries SET created_at = ?").bind(at).run();

describe("who compares what was used with what was paid", () => {
  it("finds what no wallet was asked for, and nothing else", async () => {
    const rich = await owner(credit);
    const poor = await owner();
    const charge = (id: string) => [{ id, due: { usage: 5, price: 0 }, terms, details: {} }];
    await rich.wallet.charge(rich.workspaceId, charge("use_paid"));
    await rich.wallet.charge(rich.workspaceId, charge("use_late/late"));
    await poor.wallet.charge(poor.workspaceId, charge("use_absorbed"));
    for (const { wallet, workspaceId } of [rich, poor]) await wallet.caughtUp(workspaceId);
    await since(Date.now() - 3 * 3_600_000);
    await used(rich.workspaceId, ["use_paid", "use_late", "use_lost"], 5);
    await used(poor.workspaceId, ["use_absorbed"], 5);
    await used(rich.workspaceId, ["use_fresh"], 5, Date.now());
    await used(rich.workspaceId, ["use_before"], 5, Date.now() - 4 * 3_600_000);
    await used(rich.workspaceId, ["use_free"], 0);
    const drifts = await reconcileAll(runtime);
    expect(drifts.map(({ kind, detail }) => [kind, detail])).toEqual([
      ["usage", "What use_lost took, 5, was asked of no wallet."],
    ]);
    expect(takeLoggedErrors()).toHaveLength(1);
  });

  it("finds what one wallet gave and another did not get, once they are told all", async () => {
    const payer = await owner(10 * credit);
    const expert = await owner();
    const shares = [{ wallet: expert.workspaceId, basisPoints: 5_000 }];
    const paid = { due: { usage: 0, price: credit }, details: {}, terms: { priceId: "p", shares } };
    await payer.wallet.charge(payer.workspaceId, [{ id: "one", ...paid }]);
    // Its earner has it, and D1 has not been told of that yet: this is told when it is compared.
    await payer.wallet.caughtUp(payer.workspaceId);
    expect(await reconcileAll(runtime)).toEqual([]);
    await runInDurableObject(payer.wallet, (_, { storage }) => {
      storage.sql.exec("UPDATE transfers SET amount = amount + 7 WHERE credit LIKE 'clearing:%'");
      storage.sql.exec("UPDATE balances SET amount = amount + 7 WHERE account LIKE 'clearing:%'");
      storage.sql.exec("UPDATE transfers SET amount = amount - 7 WHERE credit = 'revenue'");
      storage.sql.exec("UPDATE balances SET amount = amount - 7 WHERE account = 'revenue'");
    });
    await runInDurableObject(payer.wallet, (_, state) => state.abort("crash")).catch(() => {});
    await env.DB.prepare(
      "UPDATE wallet_balances SET micro_credits = micro_credits + 7 WHERE account LIKE 'clearing:%' AND micro_credits > 0",
    ).run();
    const drifts = (await reconcileAll(runtime)).filter(({ kind }) => kind === "clearing");
    expect(drifts.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(
        /^It says to have given (500007 to .*, where 500000 came in|-500000 to .*, where -500007 came in)\.$/,
      ),
    ]);
    takeLoggedErrors();
  });
});
