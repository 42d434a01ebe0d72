import type { Runtime } from "../platform/runtime.ts";
import { findHead, listLinksAfter, listOpenLogs, storeSeal } from "./chain-queries.ts";
import { chainHash, logKey } from "./log-key.ts";

const page = 500;

/** Takes a workspace's newest events into its chain. May run twice at once: one of both does it. */
export async function sealLog(ctx: Runtime, workspaceId: string): Promise<void> {
  const { db } = ctx;
  const key = await logKey(ctx, workspaceId);
  for (;;) {
    const head = await findHead(db, workspaceId);
    if (!head) return;
    const rows = await listLinksAfter(db, workspaceId, head.sealed, page);
    const last = rows.at(-1);
    if (!last) return;
    let { hash } = head;
    const hashes = rows.map((row) => {
      hash = chainHash(key, hash, row);
      return [row.id, hash] as const;
    });
    await storeSeal(db, head, { seq: last.seq, hash }, Object.fromEntries(hashes));
    if (rows.length < page) return;
  }
}

/** Takes the newest events of all logs into their chains; called by the cron. The log line is what a chain can be held against. */
export async function sealAllLogs(ctx: Runtime): Promise<void> {
  for (const { id } of await listOpenLogs(ctx.db, 100)) {
    try {
      await sealLog(ctx, id);
      const head = await findHead(ctx.db, id);
      ctx.log.info("audit_sealed", { workspace_id: id, seq: head?.sealed, hash: head?.hash });
    } catch (error) {
      // One log that does not open must not keep the others open.
      ctx.log.error("audit_not_sealed", error, { workspace_id: id });
    }
  }
}
