import { describe, expect, it, vi } from "vitest";
import { call, jsonOf, signUp, workspaceOf } from "../../testing/client.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import {
  asked,
  billed,
  credit,
  endOf,
  entriesOf,
  fund,
  ofAnswer,
  ofPrompt,
  priced,
  pricedClone,
  settled,
  walletOf,
} from "../testing/paid.ts";
import { eventsIn, messagesOf, openConversation, restartWith } from "../testing/turns.ts";

describe("an answer that is paid", () => {
  it("costs what its model took, and the receipt, the stream and the wallet agree", async () => {
    const { token } = await signUp();
    await fund(token, 100 * credit);
    const end = endOf(await asked(token, await billed(token)));
    const { prompt_tokens, completion_tokens } = end.data.usage as Record<string, number>;
    const cost = (prompt_tokens ?? 0) * ofPrompt + (completion_tokens ?? 0) * ofAnswer;
    expect(end.data.cost).toEqual({ micro_credits: cost });
    const wallet = await settled(token);
    expect(wallet).toMatchObject({ available: 100 * credit - cost, month: { spent: cost } });
    const [entry] = await entriesOf(token);
    expect(entry).toMatchObject({ kind: "hold", state: "settled", delta: -cost });
    expect(entry?.receipt).toMatchObject({ total: cost, usage: cost, platform_fee: 0, shares: [] });
  });

  it("is refused where there is nothing, with what to do, before a model is asked; and is asked again once there is", async () => {
    const { token } = await signUp();
    const id = await billed(token);
    const end = endOf(await asked(token, id));
    takeLoggedErrors();
    expect(end).toMatchObject({ event: "error", data: { code: "INSUFFICIENT_CREDITS" } });
    expect(String(end.data.error)).toMatch(/takes at least .* credits?, and the wallet has 0 credits\. Top it up/);
    await fund(token, 100 * credit);
    const answer = (await messagesOf(token, id)).at(-1);
    const again = await call("POST", `/api/v1/conversations/${id}/regenerate`, {
      token,
      json: { message_id: answer?.id, model: priced },
    });
    expect(endOf(eventsIn(await again.text())).event).toBe("done");
  });

  it("is as long as what is left allows", async () => {
    const { token } = await signUp();
    // The prompt and some 300 tokens of an answer.
    await fund(token, credit);
    const end = endOf(await asked(token, await billed(token)));
    expect(end.event).toBe("done");
    expect((await settled(token)).available).toBeGreaterThan(0);
  });

  it("of a model whose price nobody knows is refused", async () => {
    const { token } = await signUp();
    await fund(token, 100 * credit);
    const id = await openConversation(token);
    const anthropic = { ANTHROPIC_API_KEY: "key", ANTHROPIC_BASE_URL: "http://127.0.0.1:9" };
    await restartWith(id, { BILLING: "on", ...anthropic });
    const end = endOf(await asked(token, id, { model: "anthropic/claude-of-no-price" }));
    takeLoggedErrors();
    expect(end).toMatchObject({
      event: "error",
      data: { error: expect.stringContaining("Nobody knows what this model costs") },
    });
    expect(await walletOf(token)).toMatchObject({ available: 100 * credit, held: 0 });
  });

  it("costs nothing by the built-in reader, and asks no wallet", async () => {
    const { token } = await signUp();
    const end = endOf(await asked(token, await billed(token), { model: "offline/extractive" }));
    expect(end).toMatchObject({ event: "done", data: { cost: { micro_credits: 0 } } });
    expect(await entriesOf(token)).toEqual([]);
  });
});

describe("a clone that visitors pay", () => {
  it("is paid by whoever asks, and its creator earns their share, to the micro-credit", async () => {
    const { expert, clone } = await pricedClone();
    const visitor = await signUp("Visitor");
    await fund(visitor.token, 100 * credit);
    const id = await billed(visitor.token, { clone_id: clone.id });
    const end = endOf(await asked(visitor.token, id, { model: undefined }));
    const { micro_credits: cost } = end.data.cost as { micro_credits: number };
    expect((await settled(visitor.token)).available).toBe(100 * credit - cost);
    const [entry] = await entriesOf(visitor.token);
    const { usage, platform_fee, shares, total } = entry?.receipt ?? expect.unreachable("there is no receipt");
    expect([total, usage + platform_fee + (shares[0]?.micro_credits ?? 0)]).toEqual([cost, cost]);
    expect([platform_fee, shares]).toEqual([
      credit,
      [{ wallet_id: await workspaceOf(expert.token), micro_credits: 4 * credit }],
    ]);
    const earnings = () => call("GET", "/api/v1/earnings", { token: expert.token });
    await vi.waitFor(async () => expect(await jsonOf(await earnings(), 200)).toMatchObject({ pending: 4 * credit }));
  });

  it("is free at first, and then paid; and answers its own workspace without a price", async () => {
    const { expert, clone } = await pricedClone({ trial_messages: 1 });
    await fund(expert.token, 100 * credit);
    const visitor = await signUp("Visitor");
    const id = await billed(visitor.token, { clone_id: clone.id });
    expect(endOf(await asked(visitor.token, id, { model: undefined })).event).toBe("done");
    expect(endOf(await asked(visitor.token, id, { model: undefined }))).toMatchObject({
      event: "error",
      data: { code: "INSUFFICIENT_CREDITS", error: expect.stringContaining("Top it up") },
    });
    takeLoggedErrors();
    await settled(expert.token);
    const own = await billed(expert.token, { clone_id: clone.id });
    expect(endOf(await asked(expert.token, own, { model: undefined })).event).toBe("done");
    const paid = (await entriesOf(expert.token)).filter(({ kind }) => kind === "hold");
    expect(paid.map(({ receipt }) => receipt?.platform_fee ?? 0)).toEqual([0, 0]);
  });
});
