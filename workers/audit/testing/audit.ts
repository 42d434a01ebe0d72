import { projected } from "../../chat/testing/turns.ts";
import { call, jsonOf } from "../../testing/client.ts";
import type { WireAuditEvent } from "../contract.ts";

/** What the log of the person's workspace tells, oldest first, once all that was asked is in it. */
export async function auditOf(token: string, query = ""): Promise<WireAuditEvent[]> {
  await projected();
  const events: WireAuditEvent[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const path = `/api/v1/audit?limit=100${query}${cursor && `&cursor=${cursor}`}`;
    const page: { data: WireAuditEvent[]; next_cursor: string | null } = await jsonOf(
      await call("GET", path, { token }),
      200,
    );
    events.push(...page.data);
    cursor = page.next_cursor;
  }
  return events.reverse();
}

export const verified = async (token: string, query = "") =>
  jsonOf<{ ok: boolean; count: number; head: { seq: number; hash: string }; breaks: { seq: number; kind: string }[] }>(
    await call("GET", `/api/v1/audit/verify${query}`, { token }),
    200,
  );
