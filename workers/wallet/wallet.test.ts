import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { createRuntime } from "../platform/runtime.ts";
import { call, jsonOf, signUp, workspaceOf } from "../testing/client.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import { eachEntry, projectedSums } from "./queries.ts";
import { reconcileAll } from "./reconcile.ts";
import { walletObject } from "./wallets.ts";

const credit = 1_000_000;
const terms = { priceId: null, shares: [] };
const holdOf = (id: string, usage: number) => ({
  ...{ id, usage, leastUsage: usage, price: 0, cloneId: null, needsSession: false, terms, details: {} },
  expiresAt: Date.now() + 60_000,
});

async function owner(funds = 0) {
  const { token, userId } = await signUp();
  const workspaceId = await workspaceOf(token);
  const wallet = walletObject(env, workspaceId);
  if (funds > 0) await wallet.fund(workspaceId, { id: "pay", amount: funds, details: {} });
  return { token, userId, workspaceId, wallet };
}
const crash = (workspaceId: string) =>
  runInDurableObject(walletObject(env, workspaceId), (_, state) => state.abort("crash")).catch(() => {});

describe("a wallet", () => {
  it("sets aside for ten of a hundred that come at once, with funds for ten", async () => {
    const { workspaceId, wallet } = await owner(10 * credit);
    const asks = Array.from({ length: 100 }, (_, i) => wallet.hold(workspaceId, holdOf(`turn_${i}`, credit)));
    const held = (await Promise.all(asks)).filter((result) => "held" in result);
    expect(held).toHaveLength(10);
  });

  it("knows after a crash what it knew before, and tells D1 and those who earn what they were not told", async () => {
    const expert = await owner();
    const { workspaceId, wallet } = await owner(10 * credit);
    const shares = { priceId: "price_1", shares: [{ wallet: expert.workspaceId, basisPoints: 8_000 }] };
    await wallet.hold(workspaceId, { ...holdOf("turn_1", credit), price: credit, terms: shares });
    await crash(workspaceId);
    const again = walletObject(env, workspaceId);
    const charge = await again.settle(workspaceId, {
      ...{ id: "turn_1", due: { usage: 300, price: credit }, details: {}, terms: shares },
    });
    expect(charge).toMatchObject({ total: credit + 300, usage: 300, fee: 200_000 });
    await crash(workspaceId);
    await walletObject(env, workspaceId).caughtUp(workspaceId);
    const { db } = createRuntime(env);
    expect(Object.fromEntries(await projectedSums(db, workspaceId))).toEqual({
      ...{ cash: -10 * credit, available: 9 * credit - 300, revenue: 200_300 },
      [`clearing:${expert.workspaceId}`]: 800_000,
    });
    expect((await expert.wallet.read(expert.workspaceId)).balances).toMatchObject({ pending: 800_000 });
  });

  it("gives back by its alarm what nobody came to settle", async () => {
    const { workspaceId, wallet } = await owner(credit);
    await wallet.hold(workspaceId, holdOf("turn_1", credit));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    try {
      await runDurableObjectAlarm(wallet);
      expect((await wallet.read(workspaceId)).balances).toMatchObject({ available: credit });
    } finally {
      vi.useRealTimers();
    }
  });

  it("is somebody's own: its entries, limits and who may change them", async () => {
    const ada = await owner(credit);
    const eve = await owner();
    await ada.wallet.charge(ada.workspaceId, [{ id: "use_1", due: { usage: 5, price: 0 }, details: {}, terms }]);
    expect((await call("GET", "/api/v1/wallet/entries/use_1", { token: ada.token })).status).toBe(200);
    expect((await call("GET", "/api/v1/wallet/entries/use_1", { token: eve.token })).status).toBe(404);
    const json = { per_message: credit, per_day: null, per_month: 20 * credit };
    await jsonOf(await call("PUT", "/api/v1/wallet/limits", { token: ada.token, json }), 200);
    expect(await jsonOf(await call("GET", "/api/v1/wallet", { token: ada.token }), 200)).toMatchObject({
      billing: "off",
      available: credit - 5,
      limits: json,
      month: { spent: 5, left: 20 * credit - 5 },
    });
    const log = await jsonOf<{ data: { action: string }[] }>(
      await call("GET", "/api/v1/audit", { token: ada.token }),
      200,
    );
    expect(log.data.map(({ action }) => action)).toContain("wallet.limits_changed");
  });

  it("pages through what was done, whose changes are what is available", async () => {
    const { token, workspaceId, wallet } = await owner(credit);
    for (let i = 0; i < 5; i++)
      await wallet.charge(workspaceId, [{ id: `use_${i}`, due: { usage: 10 + i, price: 0 }, details: {}, terms }]);
    const entries: { delta: number }[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = `limit=2${cursor && `&cursor=${cursor}`}`;
      const page = await jsonOf<{ data: { delta: number }[]; next_cursor: string | null }>(
        await call("GET", `/api/v1/wallet/entries?${query}`, { token }),
        200,
      );
      entries.push(...page.data);
      cursor = page.next_cursor;
    }
    expect(entries.reduce((sum, { delta }) => sum + delta, 0)).toBe(credit - 60);
  });
});

describe("whoever runs the installation", () => {
  it("gives credits once, which are told in the log, and sees what all wallets hold", async () => {
    const { workspaceId, token, wallet } = await owner();
    // Before anything is remembered of them.
    const root = await signUp("Root");
    await env.DB.prepare("UPDATE users SET platform_role = 'super_admin' WHERE id = ?").bind(root.userId).run();
    const json = { id: "welcome", workspace_id: workspaceId, micro_credits: credit };
    const give = () => call("POST", "/api/v1/platform/credits", { token: root.token, json });
    expect(await jsonOf(await give(), 200)).toEqual({ given: true });
    expect(await jsonOf(await give(), 200)).toEqual({ given: false });
    expect((await wallet.read(workspaceId)).balances).toMatchObject({ granted: credit });
    expect((await call("POST", "/api/v1/platform/credits", { token, json })).status).toBe(403);
    await wallet.caughtUp(workspaceId);
    const money = await jsonOf<{ balances: Record<string, number> }>(
      await call("GET", "/api/v1/platform/money", { token: root.token }),
      200,
    );
    expect(Object.values(money.balances).reduce((sum, amount) => sum + amount, 0)).toBe(0);
  });

  it("hears of what does not agree, and nothing is repaired", async () => {
    const { workspaceId, wallet } = await owner(credit);
    await wallet.caughtUp(workspaceId);
    const runtime = createRuntime(env, {});
    expect(await reconcileAll(runtime)).toEqual([]);
    await env.DB.prepare("UPDATE wallet_entries SET micro_credits = 7 WHERE wallet_id = ?").bind(workspaceId).run();
    const drifts = await reconcileAll(runtime);
    expect(drifts.map(({ kind, walletId }) => [kind, walletId])).toEqual([
      ["projection", workspaceId],
      ["projection", workspaceId],
    ]);
    expect(takeLoggedErrors()).toHaveLength(2);
    const entries = [];
    for await (const entry of eachEntry(runtime.db, workspaceId)) entries.push(entry.microCredits);
    expect(entries).toEqual([7]);
  });
});
