import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { cron, later, started } from "../personal-data/testing/erasures.ts";
import { createRuntime } from "../platform/runtime.ts";
import { call, signUp, workspaceOf } from "../testing/client.ts";
import { eachEntry } from "./queries.ts";
import { reconcileAll } from "./reconcile.ts";
import { walletObject } from "./wallets.ts";

const credit = 1_000_000;

async function owner() {
  const person = await signUp();
  const workspaceId = await workspaceOf(person.token);
  return { ...person, workspaceId, wallet: walletObject(env, workspaceId) };
}

/** How many rows a wallet's object has, of anything. */
const storedIn = (workspaceId: string) =>
  runInDurableObject(walletObject(env, workspaceId), (_, { storage }) => {
    const named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'";
    const tables = storage.sql.exec<{ name: string }>(named).toArray();
    return tables.reduce(
      (sum, { name }) => sum + Number(storage.sql.exec(`SELECT count(*) AS n FROM ${name}`).one().n),
      0,
    );
  });

const entriesOf = async (workspaceId: string) => {
  const found = [];
  for await (const entry of eachEntry(createRuntime(env).db, workspaceId)) found.push(entry);
  return found;
};

describe("the erasure of whoever has a wallet", () => {
  it("ends what is under way in it, pays those who earn by it, and leaves nothing, whatever comes later", async () => {
    const expert = await owner();
    const { token, password, workspaceId, wallet } = await owner();
    const terms = { priceId: "price_1", shares: [{ wallet: expert.workspaceId, basisPoints: 8_000 }] };
    await wallet.fund(workspaceId, { id: "pay", amount: 10 * credit, details: {} });
    const session = { id: "ses_of-erasure", price: 2 * credit, terms, details: { clone_id: "cl" } };
    await wallet.openSession(workspaceId, { ...session, until: Date.now() + 90 * 86_400_000 });
    const ask = { usage: 300_000, leastUsage: 300_000, price: 0, needsSession: false, terms, details: {} };
    const hold = { ...ask, expiresAt: Date.now() + 90 * 86_400_000 };
    await wallet.hold(workspaceId, { ...hold, id: "turn_1", cloneId: "cl" });
    await wallet.hold(workspaceId, { ...hold, id: "turn_2", cloneId: null });
    await started(await call("POST", "/api/v1/me/erasure", { token, json: { password } }));
    await later();
    await cron();
    expect((await expert.wallet.read(expert.workspaceId)).balances).toMatchObject({ pending: 1_600_000 });
    expect([await storedIn(workspaceId), await entriesOf(workspaceId)]).toEqual([0, []]);
    // What was on its way then.
    const due = { id: "turn_2", due: { usage: 5, price: 0 }, details: {}, terms };
    expect(await wallet.settle(workspaceId, due)).toMatchObject({ total: 0, absorbed: 5 });
    expect(await wallet.hold(workspaceId, { ...hold, id: "turn_3", cloneId: null })).toEqual({
      refused: "funds",
      room: 0,
    });
    await wallet.charge(workspaceId, [due]);
    const earning = { id: "e", amount: 5, from: expert.workspaceId, matureAt: 0, details: {} };
    expect(await wallet.earn(workspaceId, earning)).toBe(false);
    expect(await wallet.reverseEarning(workspaceId, earning)).toBe(false);
    expect([await storedIn(workspaceId), await entriesOf(workspaceId)]).toEqual([0, []]);
    expect(await reconcileAll(createRuntime(env, {}))).toEqual([]);
  });
});
