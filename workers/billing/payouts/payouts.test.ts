import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { call, jsonOf, signUp, workspaceOf } from "../../testing/client.ts";
import { walletObject } from "../../wallet/wallets.ts";
import { buy, newEvents, take } from "../testing/stripe.ts";

const credit = 1_000_000;

it("pays out what was earned in whole credits, once, and what is left stays", async () => {
  // Somebody pays, so that there is something at the processor to pay out of.
  const visitor = await signUp("Visitor");
  await take((await buy(visitor.token, { pack: "medium" })).events);
  const { token } = await signUp("Expert");
  const account = await workspaceOf(token);
  const wallet = walletObject(env, account);
  const earned = { id: "e", amount: 300 * credit + 7, from: await workspaceOf(visitor.token), details: {} };
  await wallet.earn(account, { ...earned, matureAt: Date.now() - 1 });
  const pay = (id = "po_of-the-test") => call("POST", "/api/v1/earnings/payouts", { token, json: { id } });
  expect(await jsonOf(await pay(), 409)).toMatchObject({ detail: expect.stringContaining("who is paid") });
  const { url } = await jsonOf<{ url: string }>(await call("POST", "/api/v1/earnings/onboard", { token }), 200);
  await newEvents();
  await fetch(url, { method: "POST", body: new URLSearchParams({ do: "finish" }), redirect: "manual" });
  await take(await newEvents());
  for (let i = 0; i < 2; i++)
    expect(await jsonOf(await pay(), 201)).toMatchObject({ amount: 300, micro_credits: 300 * credit, state: "done" });
  await take(await newEvents());
  expect((await wallet.read(account)).balances).toMatchObject({ earned: 7, cash: 300 * credit });
  expect(await jsonOf(await pay("po_of-nothing"), 409)).toMatchObject({ detail: "There is nothing to pay out yet." });
  const { pending, available, paying } = await jsonOf<Record<string, number>>(
    await call("GET", "/api/v1/earnings", { token }),
    200,
  );
  expect([pending, available, paying]).toEqual([0, 7, 0]);
});
