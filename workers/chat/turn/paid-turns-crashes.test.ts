import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { signUp, workspaceOf } from "../../testing/client.ts";
import { hasTwenty } from "../../testing/held-model.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { walletObject } from "../../wallet/wallets.ts";
import { credit, endOf, entriesOf, fund, settled, walletOf } from "../testing/paid.ts";
import { ask, crash, eventsIn, openConversation, readUntil, restartWith, resume, standIn } from "../testing/turns.ts";

/** A conversation that is billed, with a model that has a price and holds still after twenty words. */
async function held(fields: Record<string, string> = {}) {
  const { token } = await signUp();
  await fund(token, 100 * credit);
  const model = standIn("tokens=300&tokens_per_second=40&pause=20");
  const id = await openConversation(token);
  const models = { [model.slice("openai/".length)]: { cost: { input: 2, output: 10 } } };
  const settings = {
    BILLING: "on",
    MODEL_CATALOGUE: JSON.stringify({ date: "2026-11-30", providers: { openai: { models } } }),
  };
  await restartWith(id, { ...settings, ...fields });
  return { token, id, model, workspaceId: await workspaceOf(token) };
}
const crashWallet = (workspaceId: string) =>
  runInDurableObject(walletObject(env, workspaceId), (_, state) => state.abort("crash")).catch(() => {});
const costOf = (end: ReturnType<typeof endOf>) => (end.data.cost as { micro_credits: number }).micro_credits;

describe("an answer that is paid", () => {
  it("and cut off by the end of its process, and of its wallet’s, costs what was stored, once", async () => {
    const { token, id, model, workspaceId } = await held();
    const { reader } = await readUntil(await ask(token, id, { content: "Go", model }), hasTwenty);
    reader.cancel().catch(() => {});
    expect((await walletOf(token)).held).toBeGreaterThan(0);
    await Promise.all([crash(id), crashWallet(workspaceId)]);
    // By the settings of this process, as a newer one would: what it began is paid all the same.
    const end = endOf(eventsIn(await (await resume(token, id, 0)).text()));
    expect(end).toMatchObject({ event: "error", data: { code: "INTERRUPTED" } });
    const { available } = await settled(token);
    const [entry, ...others] = await entriesOf(token);
    expect(entry).toMatchObject({ kind: "hold", state: "settled" });
    const cost = entry?.receipt.total ?? 0;
    expect(cost).toBeGreaterThan(0);
    expect(available).toBe(100 * credit - cost);
    expect(others.map(({ kind }) => kind)).toEqual(["fund"]);
    await crash(id);
    await resume(token, id, 0);
    expect((await settled(token)).available).toBe(available);
  });

  it("goes to the next in line where it is beyond what one may cost, and that is paid", async () => {
    const { token, id, model, workspaceId } = await held({ FALLBACK_MODELS: "offline/extractive" });
    await walletObject(env, workspaceId).setLimits(workspaceId, { perMessage: 1, perDay: null, perMonth: null });
    const events = eventsIn(await (await ask(token, id, { content: "Go", model })).text());
    expect(events.find(({ event }) => event === "fallback")?.data).toMatchObject({ reason: "over_budget" });
    expect(costOf(endOf(events))).toBe(0);
    expect((await settled(token)).available).toBe(100 * credit);
    takeLoggedErrors();
  });
});
