import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { api } from "../api.ts";
import { ask, eventsIn, openConversation, restartWith } from "../chat/testing/turns.ts";
import { call, jsonOf, makeClone, signUp, workspaceOf } from "../testing/client.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import { walletObject } from "../wallet/wallets.ts";
import type { WireSession } from "./session-contract.ts";

const credit = 1_000_000;
const priced = "openai/stand-in?reply=Priced.";

/** Calls an installation that bills. */
const billed = (method: string, path: string, token: string, json?: object) =>
  api.fetch(
    new Request(`http://localhost:8787/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      ...(json ? { body: JSON.stringify(json) } : {}),
    }),
    { ...env, BILLING: "on" } as unknown as Env,
    createExecutionContext(),
  );

async function expertAndVisitor(funds: number) {
  const expert = await signUp("Expert");
  const clone = await makeClone(expert.token, { visibility: "public", model: priced });
  const json = { payer: "visitor", per_session: 20 * credit, session_minutes: 30 };
  await jsonOf(await call("PUT", `/api/v1/clones/${clone.id}/price`, { token: expert.token, json }), 200);
  const visitor = await signUp("Visitor");
  const workspaceId = await workspaceOf(visitor.token);
  await walletObject(env, workspaceId).fund(workspaceId, { id: "pay", amount: funds, details: {} });
  const id = await openConversation(visitor.token, { clone_id: clone.id });
  await restartWith(id, { BILLING: "on" });
  const asked = async () => eventsIn(await (await ask(visitor.token, id, { content: "May I?" })).text()).at(-1);
  return { expert, clone, visitor, workspaceId, asked };
}

describe("a session with an expert's clone", () => {
  it("is asked for, opened once, pays for what is answered, and what is left of it is parted", async () => {
    const { expert, clone, visitor, workspaceId, asked } = await expertAndVisitor(100 * credit);
    expect(await asked()).toMatchObject({
      event: "error",
      data: { error: expect.stringContaining("Open one to go on") },
    });
    takeLoggedErrors();
    const open = () => billed("POST", `/clones/${clone.id}/sessions`, visitor.token, { id: "ses_of-the-test" });
    const session = await jsonOf<WireSession>(await open(), 201);
    expect(session).toMatchObject({ state: "open", price: 20 * credit, left: 20 * credit });
    expect((await jsonOf<WireSession>(await open(), 201)).id).toBe(session.id);
    expect(await asked()).toMatchObject({ event: "done" });
    const longer = { id: "ext_of-the-test" };
    const extended = await jsonOf<WireSession>(
      await billed("POST", `/sessions/${session.id}/extend`, visitor.token, longer),
      200,
    );
    expect(extended).toMatchObject({ price: 40 * credit });
    expect(Date.parse(extended.until ?? "") - Date.parse(session.until ?? "")).toBe(30 * 60_000);
    const closed = await jsonOf<WireSession>(await billed("POST", `/sessions/${session.id}/close`, visitor.token), 200);
    expect(closed).toMatchObject({ state: "closed", left: 0 });
    expect(
      (await billed("POST", `/sessions/${session.id}/extend`, visitor.token, { id: "ext_another-one" })).status,
    ).toBe(409);
    const { balances } = await walletObject(env, workspaceId).read(workspaceId);
    expect(balances).toMatchObject({ available: 60 * credit });
    const usage = 40 * credit - ((balances[`clearing:${await workspaceOf(expert.token)}`] ?? 0) * 10) / 8;
    expect(usage).toBeGreaterThan(0);
    expect(usage).toBeLessThan(credit);
  });

  it("is given back where nothing was answered, and refused to who cannot pay, or need not", async () => {
    const { expert, clone, visitor, workspaceId } = await expertAndVisitor(25 * credit);
    const open = (token = visitor.token) => billed("POST", `/clones/${clone.id}/sessions`, token, {});
    const { id } = await jsonOf<WireSession>(await open(), 201);
    expect(await jsonOf(await open(), 402)).toMatchObject({ detail: expect.stringContaining("20 credits") });
    await jsonOf(await billed("POST", `/sessions/${id}/close`, visitor.token), 200);
    expect((await walletObject(env, workspaceId).read(workspaceId)).balances).toMatchObject({ available: 25 * credit });
    expect((await open(expert.token)).status).toBe(422);
    expect((await billed("POST", `/sessions/${id}/close`, expert.token)).status).toBe(404);
  });
});
