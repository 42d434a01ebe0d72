import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { call, jsonOf, makeClone, signUp, workspaceOf } from "../../testing/client.ts";
import { walletObject } from "../../wallet/wallets.ts";
import { ask, eventsIn, openConversation, restartWith } from "./turns.ts";

export const priced = "openai/stand-in?reply=Priced.";
/** What its prompt's and its answer's tokens cost, in micro-credits. */
export const [ofPrompt, ofAnswer] = [200, 1_000];
export const credit = 1_000_000;

interface Wallet {
  available: number;
  held: number;
  month: { spent: number };
}
export const walletOf = async (token: string) => jsonOf<Wallet>(await call("GET", "/api/v1/wallet", { token }), 200);
export const fund = async (token: string, amount: number, id = "pay") => {
  const workspaceId = await workspaceOf(token);
  await walletObject(env, workspaceId).fund(workspaceId, { id, amount, details: {} });
};
/** A conversation in an installation that bills. */
export const billed = async (token: string, fields: Record<string, unknown> = {}) => {
  const id = await openConversation(token, fields);
  await restartWith(id, { BILLING: "on" });
  return id;
};
export const asked = async (token: string, id: string, fields: Record<string, unknown> = {}) =>
  eventsIn(await (await ask(token, id, { content: "What does it cost?", model: priced, ...fields })).text());
export const endOf = (events: ReturnType<typeof eventsIn>) =>
  events.at(-1) as { event: string; data: Record<string, unknown> };

/** The wallet once nothing is held in it any more. */
export const settled = (token: string) =>
  vi.waitFor(async () => {
    const wallet = await walletOf(token);
    expect(wallet.held).toBe(0);
    return wallet;
  });

interface Entry {
  id: string;
  kind: string;
  state: string;
  delta: number;
  receipt: {
    total: number;
    usage: number;
    platform_fee: number;
    shares: { wallet_id: string; micro_credits: number }[];
  };
}
export const entriesOf = async (token: string) =>
  (await jsonOf<{ data: Entry[] }>(await call("GET", "/api/v1/wallet/entries", { token }), 200)).data;

/** What an answer of it costs above its model. */
export const price = 5 * credit;

/** A clone that visitors pay. */
export async function pricedClone(fields: Record<string, unknown> = {}) {
  const expert = await signUp("Expert");
  const clone = await makeClone(expert.token, { visibility: "public", model: priced });
  const json = { payer: "visitor", per_message: price, ...fields };
  await jsonOf(await call("PUT", `/api/v1/clones/${clone.id}/price`, { token: expert.token, json }), 200);
  return { expert, clone };
}
