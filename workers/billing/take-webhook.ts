import { z } from "zod";
import { Problem } from "../platform/errors.ts";
import { openOperation } from "../platform/open-operation.ts";
import { insertEvent } from "./inbox-queries.ts";
import { enqueueEvent } from "./messages.ts";
import { processorOf } from "./processor-of.ts";
import { ProcessorFailure } from "./processors/processor.ts";

/** Throws `malformed_request` for what was not signed with our secret, or long ago. */
export const takeWebhook = openOperation({
  summary: "What Stripe tells",
  description:
    "Signed by Stripe. It is kept, answered at once, and worked on afterwards; what comes twice is kept once.",
  tags: ["Billing"],
  limit: "none",
  bodyLimit: { bytes: 500_000 },
  audit: { nothing: "What follows from it is told when it is worked on." },
  input: z.strictObject({ body: z.string(), signature: z.string() }),
  output: z.object({ received: z.literal(true) }),
  async run(call, { body: { body, signature } }) {
    const processor = processorOf(call);
    const told = await processor.verify(body, signature).catch((error: unknown) => {
      if (!(error instanceof ProcessorFailure)) throw error;
      throw new Problem("malformed_request", "Sign it with this endpoint’s secret, within the last five minutes.", {
        cause: error,
      });
    });
    const id = `${processor.name}/${told.id}`;
    const now = call.clock.now();
    const { type, account } = told;
    const row = {
      id,
      processor: processor.name,
      account,
      type,
      body,
      state: "waiting",
      receivedAt: now,
      nextAttemptAt: now,
    } as const;
    // What cannot be put on the queue the cron finds.
    if (await insertEvent(call.db, row))
      await enqueueEvent(call.env, id).catch((error) => call.log.error("processor_event_not_queued", error, { id }));
    return { received: true as const };
  },
});
