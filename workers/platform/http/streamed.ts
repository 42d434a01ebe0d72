import type { Log } from "../log.ts";

/** A body that is written as it is read. Whoever stops reading ends `source`; where that fails, the answer breaks off, and `log` says why. */
export function streamed(log: Log, source: AsyncGenerator<string | Uint8Array>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await source.next();
        if (done) controller.close();
        else controller.enqueue(typeof value === "string" ? encoder.encode(value) : value);
      } catch (error) {
        // The answer has begun: that it breaks off is all that its reader can be told.
        log.error("export_failed", error);
        controller.error(error);
      }
    },
    async cancel() {
      await source.return(undefined);
    },
  });
}
