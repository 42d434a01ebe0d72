import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { call, signUp, workspaceOf } from "../../testing/client.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { walletObject } from "../../wallet/wallets.ts";
import { asked, billed, credit, endOf, entriesOf, fund, price, pricedClone, settled } from "../testing/paid.ts";
import { changeMessage, eventsIn, messagesOf } from "../testing/turns.ts";

const costOf = (end: ReturnType<typeof endOf>) => (end.data.cost as { micro_credits: number }).micro_credits;

describe("the price of an answer", () => {
  it("is paid once, however often the answer is gone on with, and the stream says what is paid", async () => {
    const { clone } = await pricedClone();
    const { token } = await signUp("Visitor");
    await fund(token, 100 * credit);
    const id = await billed(token, { clone_id: clone.id });
    const first = costOf(endOf(await asked(token, id, { model: undefined })));
    await settled(token);
    const answer = (await messagesOf(token, id)).at(-1);
    await changeMessage(id, answer?.id ?? "", { finishReason: "length" });
    const again = await call("POST", `/api/v1/conversations/${id}/continue`, {
      token,
      json: { message_id: answer?.id },
    });
    const more = costOf(endOf(eventsIn(await again.text())));
    expect(first).toBeGreaterThan(price);
    expect(more).toBeLessThan(price);
    expect((await settled(token)).available).toBe(100 * credit - first - more);
    expect((await entriesOf(token)).slice(0, 2).map(({ receipt }) => receipt.total)).toEqual([more, first]);
  });

  it("is not asked in a session, and the stream says so too", async () => {
    const { clone } = await pricedClone({ per_session: 20 * credit, session_minutes: 30 });
    const { token } = await signUp("Visitor");
    await fund(token, 100 * credit);
    const workspaceId = await workspaceOf(token);
    const session = { id: "ses_of-prices", price: 20 * credit, terms: { priceId: null, shares: [] } };
    const details = { clone_id: clone.id };
    await walletObject(env, workspaceId).openSession(workspaceId, { ...session, details, until: Date.now() + 60_000 });
    const id = await billed(token, { clone_id: clone.id });
    const cost = costOf(endOf(await asked(token, id, { model: undefined })));
    expect(cost).toBeLessThan(price);
    await vi.waitFor(async () => expect((await entriesOf(token))[0]?.receipt?.total).toBe(cost));
  });
});

describe("an answer that is free", () => {
  it("is free once: another one to the same question is paid", async () => {
    const { expert, clone } = await pricedClone({ trial_messages: 1 });
    await fund(expert.token, 100 * credit);
    const { token } = await signUp("Visitor");
    const id = await billed(token, { clone_id: clone.id });
    expect(endOf(await asked(token, id, { model: undefined })).event).toBe("done");
    const answer = (await messagesOf(token, id)).at(-1);
    const json = { message_id: answer?.id };
    // What is gone on with is the same answer.
    await changeMessage(id, answer?.id ?? "", { finishReason: "length" });
    const more = await call("POST", `/api/v1/conversations/${id}/continue`, { token, json });
    expect(endOf(eventsIn(await more.text())).event).toBe("done");
    const again = await call("POST", `/api/v1/conversations/${id}/regenerate`, { token, json });
    expect(endOf(eventsIn(await again.text()))).toMatchObject({ data: { code: "INSUFFICIENT_CREDITS" } });
    takeLoggedErrors();
  });
});
