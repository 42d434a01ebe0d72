import { and, asc, eq, gt, lt, sql } from "drizzle-orm";
import { auditEvents, auditHeads } from "../db/schema/audit.ts";
import type { Runtime } from "../platform/runtime.ts";
import { chainHash, logKey } from "./log-key.ts";

const page = 500;

/** Takes a workspace's newest events into its chain. May run twice at once: one of both does it. */
export async function sealLog(ctx: Runtime, workspaceId: string): Promise<void> {
  const { db } = ctx;
  const key = await logKey(ctx, workspaceId);
  for (;;) {
    const [head] = await db.select().from(auditHeads).where(eq(auditHeads.workspaceId, workspaceId));
    if (!head) return;
    const rows = await db
      .select({ id: auditEvents.id, seq: auditEvents.seq, mac: auditEvents.mac })
      .from(auditEvents)
      .where(and(eq(auditEvents.workspaceId, workspaceId), gt(auditEvents.seq, head.sealed)))
      .orderBy(asc(auditEvents.seq))
      .limit(page);
    const last = rows.at(-1);
    if (!last) return;
    let { hash } = head;
    const hashes = rows.map((row) => {
      hash = chainHash(key, hash, row);
      return [row.id, hash] as const;
    });
    // Together some 30 KB: D1 takes a parameter of 2 MB.
    const json = JSON.stringify(Object.fromEntries(hashes));
    await db.batch([
      db
        .update(auditHeads)
        .set({ sealed: last.seq, hash })
        .where(and(eq(auditHeads.workspaceId, workspaceId), eq(auditHeads.sealed, head.sealed))),
      db
        .update(auditEvents)
        .set({ hash: sql`sealed.value` })
        .from(sql`json_each(${json}) AS sealed`)
        .where(
          and(
            sql`${auditEvents.id} = sealed.key`,
            eq(auditEvents.workspaceId, workspaceId),
            // Of the statement above: whoever came first has done it.
            sql`changes() > 0`,
          ),
        ),
    ]);
    if (rows.length < page) return;
  }
}

/** Takes the newest events of all logs into their chains; called by the cron. The log line is what a chain can be held against. */
export async function sealAllLogs(ctx: Runtime): Promise<void> {
  const open = await ctx.db
    .select({ id: auditHeads.workspaceId })
    .from(auditHeads)
    .where(lt(auditHeads.sealed, auditHeads.count))
    .limit(100);
  for (const { id } of open) {
    try {
      await sealLog(ctx, id);
      const [head] = await ctx.db.select().from(auditHeads).where(eq(auditHeads.workspaceId, id));
      ctx.log.info("audit_sealed", { workspace_id: id, seq: head?.sealed, hash: head?.hash });
    } catch (error) {
      // One log that does not open must not keep the others open.
      ctx.log.error("audit_not_sealed", error, { workspace_id: id });
    }
  }
}
