import type { OwnConnection } from "../models/ports/connection.ts";
import { findReliably } from "../platform/changes/relying.ts";
import { Remembered } from "../platform/changes/remembered.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type OwnSecrets, openOwn } from "./own-secrets.ts";
import { findOwn, type ProviderKeyRow } from "./queries.ts";

/** What a workspace has brought for a provider, or a server of its own. */
export interface Own {
  name: string;
  isServer: boolean;
  /** Throws `SecretBoxError` where its box does not open: answering by the installation's instead would charge the wrong one. */
  open(): OwnConnection;
}

/** What changes with what a workspace has brought. */
export const subjectOf = (workspaceId: string) => `provider-keys:${workspaceId}`;

type Public = Pick<ProviderKeyRow, "address" | "isOwn">;

/** What a provider is given of it. */
export const ownConnection = ({ address, isOwn }: Public, { key, access }: OwnSecrets): OwnConnection => ({
  apiKey: key,
  address: address ?? undefined,
  headers: access && { "CF-Access-Client-Id": access.id, "CF-Access-Client-Secret": access.secret },
  isOwn,
});

async function opened(ctx: Runtime, row: ProviderKeyRow, keyBox: string | null): Promise<Own> {
  const { provider: name, kind } = row;
  const secrets = await openOwn(ctx, row, keyBox).catch((error: unknown) => ({ error }));
  return {
    name,
    isServer: kind !== null,
    open() {
      if ("error" in secrets) throw secrets.error;
      return ownConnection(row, secrets);
    },
  };
}

/** What workspaces have brought, as it was opened; also that it is nothing. */
const remembered = new Remembered<{ workspaceId: string; all: Own[] }>(({ workspaceId }) => [subjectOf(workspaceId)]);

/** All that a workspace has brought: read at once, for many calls. */
export const ownOf = (ctx: Runtime, workspaceId: string): Promise<readonly Own[]> =>
  findReliably(ctx, async (relying) => {
    const now = ctx.clock.now();
    const known = relying.recall(remembered, workspaceId, now);
    if (known) return known.all;
    const rows = await findOwn(ctx.db, workspaceId);
    const all = await Promise.all(rows.map(({ row, keyBox }) => opened(ctx, row, keyBox)));
    remembered.set(workspaceId, { workspaceId, all }, now);
    return all;
  });
