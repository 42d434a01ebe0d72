import { join } from "node:path";
import { startStripeStandIn } from "../stand-ins/stripe/stripe-server.ts";

/** A part of a local start, with the variables that lead to it. */
interface StripeHere {
  variables: Record<string, string>;
  dispose(): Promise<void>;
}

/**
 * Has something stand in for Stripe where nobody has a key, so that buying can be tried from beginning to end. What was bought there is kept with the state. Null where there is a key.
 */
export async function standInForStripe(
  given: Record<string, string>,
  { address, stateDir }: { address: string; stateDir: string },
): Promise<StripeHere | null> {
  if (given.STRIPE_SECRET_KEY) return null;
  // Only this machine reaches either of them.
  const secret = "whsec_stand_in";
  const endpoint = { url: `${address}/api/stripe/webhook`, secret };
  const { url, close } = await startStripeStandIn({ file: join(stateDir, "stripe.json"), endpoint });
  const variables = { STRIPE_SECRET_KEY: "sk_test_stand_in", STRIPE_WEBHOOK_SECRET: secret, STRIPE_BASE_URL: url };
  return { variables, dispose: close };
}
