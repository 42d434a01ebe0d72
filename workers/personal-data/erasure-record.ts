import { createHash } from "node:crypto";
import { z } from "zod";
import { iso } from "../platform/clock.ts";
import type { Config } from "../platform/config/config.ts";
import { notFound } from "../platform/errors.ts";
import { openOperation } from "../platform/open-operation.ts";
import { readSigned, signed } from "../platform/secrets/signed-token.ts";
import { type Erasure, erasure } from "./contract.ts";
import { findErasure, listItems } from "./erasure-queries.ts";

const tenYears = 10 * 365 * 24 * 60 * 60 * 1000;
const claims = z.object({ sub: z.string() });
const receiptClaims = claims.extend({ erased_sha256: z.string(), finished_at: z.string() });

type Items = Awaited<ReturnType<typeof listItems>>;

function byKind(items: Items): Erasure["erased"] {
  const erased: Erasure["erased"] = {
    workspace: [],
    membership: [],
    clone: [],
    document: [],
    conversation: [],
    key: [],
    session: [],
  };
  for (const { kind, id } of items) erased[kind].push(id);
  return erased;
}

const digest = (items: Items) =>
  createHash("sha256")
    .update(JSON.stringify(byKind(items)))
    .digest("hex");

/** What an erasure is read with, as whoever had the account has none any more. `now` in ms. */
export const erasureToken = (config: Config, id: string, now: number) =>
  signed(config, "erasure", { sub: id }, { now, expiresAt: now + tenYears });

/** Signs that all of `items` was erased at `now` (ms). */
export function signReceipt(config: Config, id: string, items: Items, now: number): Promise<string> {
  const said = { sub: id, erased_sha256: digest(items), finished_at: iso(now) };
  return signed(config, "erasure-receipt", said, { now, expiresAt: now + tenYears });
}

/** How far an erasure is, and what it took with it. Throws `not_found` for a token that is forged or expired. */
export const readErasure = openOperation({
  summary: "How far the erasure of an account or a workspace is, and the signed list of what was erased",
  tags: ["Accounts"],
  params: ["token"],
  output: erasure,
  async run({ db, config, clock }, { params: { token } }): Promise<Erasure> {
    const now = clock.now();
    const named = await readSigned(config, "erasure", token, now, claims);
    const row = named && (await findErasure(db, named.sub));
    if (!row) throw notFound("erasure");
    const items = await listItems(db, row.id);
    const said = row.receipt ? await readSigned(config, "erasure-receipt", row.receipt, now, receiptClaims) : null;
    return {
      id: row.id,
      subject: row.workspaceId === null ? "person" : "workspace",
      status: row.finishedAt === null ? "running" : "done",
      requested_at: iso(row.requestedAt),
      finished_at: row.finishedAt === null ? null : iso(row.finishedAt),
      erased: byKind(items),
      receipt: row.receipt,
      receipt_valid: row.receipt === null ? null : said?.sub === row.id && said.erased_sha256 === digest(items),
    };
  },
});
