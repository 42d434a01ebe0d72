import { z } from "zod";

/** A message of the ingestion queue: takes one page of an import. */
export const pageMessage = z.object({ kind: z.literal("web_page"), import_id: z.string(), url: z.string() });
export type PageMessage = z.output<typeof pageMessage>;

const perCall = 100;

/** Puts pages of an import on the queue, each so many seconds behind the one before. */
export async function enqueuePages(
  env: Env,
  pages: { importId: string; url: string }[],
  delaySeconds: number,
): Promise<void> {
  for (let at = 0; at < pages.length; at += perCall) {
    const batch = pages.slice(at, at + perCall).map(({ importId, url }, i) => ({
      body: { kind: "web_page", import_id: importId, url } satisfies PageMessage,
      delaySeconds: Math.floor((at + i) * delaySeconds),
    }));
    await env.INGEST_QUEUE.sendBatch(batch);
  }
}
