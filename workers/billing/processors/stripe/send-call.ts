import type Stripe from "stripe";
import type { Call } from "../processor.ts";

type CallOf<K extends Call["kind"]> = Extract<Call, { kind: K }>;

/** How each kind of call is made, and found again by its key in what it made. */
interface Way<K extends Call["kind"]> {
  send(stripe: Stripe, key: string, call: CallOf<K>): Promise<{ id: string }>;
  /** What such calls have made that could be it. */
  made(
    stripe: Stripe,
    call: CallOf<K>,
    since: number,
  ): AsyncIterable<{ id: string; metadata: Record<string, string> | null }>;
}

const after = (since: number) => ({ created: { gte: Number(BigInt(since) / 1_000n) }, limit: 100 });

const ways: { [K in Call["kind"]]: Way<K> } = {
  charge: {
    send: (stripe, key, { customer, checkout, amount, currency, description }) =>
      stripe.paymentIntents.create(
        {
          customer,
          amount,
          currency,
          description,
          confirm: true,
          off_session: true,
          metadata: { call: key, checkout },
        },
        { idempotencyKey: key },
      ),
    made: (stripe, { customer }, since) => stripe.paymentIntents.list({ customer, ...after(since) }),
  },
  refund: {
    send: (stripe, key, { payment, amount }) =>
      stripe.refunds.create({ payment_intent: payment, amount, metadata: { call: key } }, { idempotencyKey: key }),
    made: (stripe, { payment }, since) => stripe.refunds.list({ payment_intent: payment, ...after(since) }),
  },
  transfer: {
    send: (stripe, key, { payee, amount, currency, payout }) =>
      stripe.transfers.create(
        { destination: payee, amount, currency, transfer_group: payout, metadata: { call: key } },
        { idempotencyKey: key },
      ),
    made: (stripe, { payout }, since) => stripe.transfers.list({ transfer_group: payout, ...after(since) }),
  },
  reversal: {
    send: (stripe, key, { transfer, amount }) =>
      stripe.transfers.createReversal(transfer, { amount, metadata: { call: key } }, { idempotencyKey: key }),
    made: (stripe, { transfer }) => stripe.transfers.listReversals(transfer, { limit: 100 }),
  },
};

const wayOf = <K extends Call["kind"]>(call: CallOf<K>): Way<K> => ways[call.kind as K] as unknown as Way<K>;

export async function sendCall(stripe: Stripe, key: string, call: Call): Promise<string> {
  return (await wayOf(call).send(stripe, key, call)).id;
}

export async function findCall(stripe: Stripe, key: string, call: Call, since: number): Promise<string | null> {
  for await (const { id, metadata } of wayOf(call).made(stripe, call, since)) if (metadata?.call === key) return id;
  return null;
}
