import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { api } from "../api.ts";
import { fileOf, formOf, settled } from "../knowledge/testing/documents.ts";
import { call, jsonOf, makeClone, signUp, workspaceOf } from "../testing/client.ts";
import { walletObject } from "./wallets.ts";

/** Calls an installation that bills. */
const billed = (path: string, token: string, body: FormData | object) =>
  api.fetch(
    new Request(`http://localhost:8787/api/v1${path}`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body instanceof FormData ? {} : { "Content-Type": "application/json" }),
      },
      body: body instanceof FormData ? body : JSON.stringify(body),
    }),
    { ...env, BILLING: "on" } as unknown as Env,
    createExecutionContext(),
  );

async function cloneOf(fields: Record<string, unknown> = {}) {
  const { token } = await signUp();
  const workspaceId = await workspaceOf(token);
  const { id } = await makeClone(token, fields);
  const wallet = walletObject(env, workspaceId);
  const fund = () => wallet.fund(workspaceId, { id: "pay", amount: 1_000_000, details: {} });
  return { token, workspaceId, id, wallet, fund };
}
const detailOf = async (answer: Response) => (await jsonOf<{ detail: string }>(answer, 402)).detail;

describe("with an empty wallet", () => {
  it("nothing is read by an embedder that costs something, and the sentence says what to do", async () => {
    const { token, workspaceId, id, wallet, fund } = await cloneOf();
    const upload = () => billed("/documents/upload", token, formOf(id, fileOf("a.md", "# A\n\nA pear costs 3 coins.")));
    const [free] = (await jsonOf<{ data: { id: string }[] }>(await upload(), 202)).data;
    await settled(token, free?.id ?? "");
    const json = { embedding: { model: "openai/stand-in-embedding" } };
    await jsonOf(await call("PUT", `/api/v1/pipeline/config?clone_id=${id}`, { token, json }), 200);
    // One that has a price, which the stand-in does not list.
    await env.DB.prepare("UPDATE clone_pipelines SET config = replace(config, 'stand-in', 'priced')").run();
    const sentence =
      "Reading documents by this clone’s embedder takes credits, and the wallet has none. Top it up first.";
    expect(await detailOf(await upload())).toBe(sentence);
    const site = { clone_id: id, url: "https://example.com/", mode: "page" };
    expect(await detailOf(await billed("/documents/import", token, site))).toBe(sentence);
    await env.DB.prepare("UPDATE documents SET status = 'failed' WHERE id = ?").bind(free?.id).run();
    expect(await detailOf(await billed(`/documents/${free?.id}/retry`, token, {}))).toBe(sentence);
    await fund();
    await wallet.setLimits(workspaceId, { perMessage: null, perDay: 0, perMonth: null });
    expect(await detailOf(await upload())).toContain("nothing more may be spent today");
    await wallet.setLimits(workspaceId, { perMessage: null, perDay: null, perMonth: null });
    expect((await upload()).status).toBe(202);
  });

  it("no model that costs something is asked an evaluation’s questions", async () => {
    const { token, id, fund } = await cloneOf({ model: "openai/stand-in?reply=Priced." });
    const questions = [{ question: "What does a pear cost?", contains: [["3"]] }];
    await call("POST", "/api/v1/evaluation/questions", { token, json: { clone_id: id, questions } });
    const start = () => billed("/evaluation/runs", token, { clone_id: id });
    expect(await detailOf(await start())).toContain("Asking this clone’s model takes credits");
    await fund();
    expect((await start()).status).toBe(202);
  });
});
