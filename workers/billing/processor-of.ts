import { Problem } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type Processor, ProcessorFailure } from "./processors/processor.ts";
import { stripeProcessor } from "./processors/stripe/stripe-processor.ts";

/** Who moves this installation's money in and out. Throws `not_ready` where nobody does. */
export function processorOf({ config }: Pick<Runtime, "config">): Processor {
  if (config.STRIPE_SECRET_KEY) return stripeProcessor(config);
  throw new Problem(
    "not_ready",
    "Nothing can be bought here. Whoever runs this installation has to set STRIPE_SECRET_KEY.",
  );
}

/** Asks a processor on somebody's behalf who waits for it; they are told to come back where it fails. */
export async function askNow<T>({ log }: Pick<Runtime, "log">, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ProcessorFailure)) throw error;
    log.error("processor_failed", error, { code: error.code });
    throw new Problem("not_ready", "Payments cannot be reached right now. Try again in a minute.", {
      retryAfterSeconds: 60,
      cause: error,
    });
  }
}
