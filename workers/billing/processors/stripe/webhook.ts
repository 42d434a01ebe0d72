import type Stripe from "stripe";
import { ProcessorFailure, type Subject, type Told } from "../processor.ts";
import { library } from "./client.ts";

/** How old a webhook may be, in seconds: one that was seen on its way is of no use later. */
const toleranceSeconds = 300;

const idOf = (value: string | { id: string } | null | undefined): string | null =>
  typeof value === "string" ? value : (value?.id ?? null);

type Body = (Stripe.Event | Stripe.V2.Core.EventBase) & { related_object?: { id: string; type: string } | null };

const payment = (of: string | { id: string } | null | undefined): Subject | null => {
  const id = idOf(of);
  return id === null ? null : { kind: "payment", id };
};

/** What an event is about. A connected account's objects are its own: what they say of ours is nobody's word. */
function subjectOf(event: Stripe.Event): Subject | null {
  if (event.account) return null;
  const object = event.data.object as Stripe.Event.Data.Object & { object: string };
  switch (object.object) {
    case "payment_intent":
      return payment((object as Stripe.PaymentIntent).id);
    case "charge":
    case "refund":
    case "dispute":
      return payment((object as Stripe.Charge | Stripe.Refund | Stripe.Dispute).payment_intent);
    case "checkout.session":
      return { kind: "session", id: (object as Stripe.Checkout.Session).id };
    case "invoice":
      return { kind: "invoice", id: (object as Stripe.Invoice).id };
    case "subscription":
      return { kind: "subscription", id: (object as Stripe.Subscription).id };
    case "transfer":
      return { kind: "transfer", id: (object as Stripe.Transfer).id };
    default:
      return null;
  }
}

/** Of a thin event: it says what it is about, and nothing of what that is. */
function thinSubjectOf({ related_object }: Body): Subject | null {
  return related_object?.type === "v2.core.account" ? { kind: "payee", id: related_object.id } : null;
}

/** What a body says that is known to be Stripe's. */
export function parseEvent(text: string): Told {
  const body = JSON.parse(text) as Body;
  const { id, type } = body;
  if (body.object === "event") {
    const event = body as Stripe.Event;
    return { id, type, account: event.account ?? null, subject: subjectOf(event) };
  }
  return { id, type, account: null, subject: thinSubjectOf(body) };
}

const unsigned = (cause?: unknown) =>
  new ProcessorFailure("refused", "signature", "This does not come from Stripe, or is too old.", cause);

/** Reads a webhook that was signed with one of our secrets lately. */
export async function verifyWebhook(body: string, signature: string, secrets: readonly string[]): Promise<Told> {
  const { webhooks } = await library();
  let failure: unknown;
  for (const secret of secrets.filter(Boolean)) {
    try {
      if (await webhooks.signature?.verifyHeaderAsync(body, signature, secret, toleranceSeconds))
        return parseEvent(body);
    } catch (error) {
      failure = error;
    }
  }
  throw unsigned(failure);
}
