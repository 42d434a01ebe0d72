import type { Runtime } from "../platform/runtime.ts";
import { findHead, listEventsAfter } from "./chain-queries.ts";
import { chainHash, logKey, macOf } from "./log-key.ts";
import { sealLog } from "./seal.ts";

/** A place in a chain, as an export or the server's log told it. */
export interface Anchor {
  seq: number;
  hash: string;
}

/** What does not add up at an event: it is gone; not as it was written; or not where it was written. */
export interface Break {
  seq: number;
  kind: "missing" | "altered" | "moved" | "forgotten";
}

export interface Verification {
  /** How many events were looked at. */
  count: number;
  head: Anchor;
  /** At most a hundred, the first ones. */
  breaks: Break[];
}

const page = 1_000;
const mostBreaks = 100;

/** Walks through a workspace's whole log. `anchor` is a place that the chain must still go through. Throws `SecretBoxError`. */
export async function verifyLog(ctx: Runtime, workspaceId: string, anchor: Anchor | null): Promise<Verification> {
  const { db } = ctx;
  await sealLog(ctx, workspaceId);
  const key = await logKey(ctx, workspaceId);
  const head = await findHead(db, workspaceId);
  if (!head) throw new Error("The audit log has no head.");
  const found: Break[] = [];
  let hash = "";
  let seq = 0;
  let count = 0;
  let isAnchored = anchor === null;
  for (;;) {
    const rows = await listEventsAfter(db, workspaceId, seq, page);
    for (const row of rows) {
      while (++seq < row.seq) found.push({ seq, kind: "missing" });
      count++;
      if (macOf(key, row) !== row.mac) found.push({ seq, kind: "altered" });
      hash = chainHash(key, hash, row);
      // What came after the sealing above has no hash yet.
      if (row.hash === null ? row.seq <= head.sealed : row.hash !== hash) found.push({ seq, kind: "moved" });
      // From here on by what was written, so that one break is told once.
      hash = row.hash ?? hash;
      if (anchor && anchor.seq === row.seq) isAnchored = anchor.hash === hash;
      if (found.length >= mostBreaks) break;
    }
    if (rows.length < page || found.length >= mostBreaks) break;
  }
  while (seq < head.count && found.length < mostBreaks) found.push({ seq: ++seq, kind: "missing" });
  if (anchor && !isAnchored) found.push({ seq: anchor.seq, kind: "forgotten" });
  return { count, head: { seq: head.sealed, hash: head.hash }, breaks: found.slice(0, mostBreaks) };
}
