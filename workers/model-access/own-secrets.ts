import type { Runtime } from "../platform/runtime.ts";
import { openSecret, SecretBoxError, type SecretPlace, sealSecret } from "../platform/secrets/secret-box.ts";
import { isTenantBox, newTenantKey, openUnder, sealUnder } from "../platform/secrets/tenant-box.ts";
import { keepWorkspaceKey } from "./queries.ts";

/** What nobody is shown of what a workspace has brought. */
export interface OwnSecrets {
  key?: string | undefined;
  /** The service token for its tunnel. */
  access?: { id: string; secret: string } | undefined;
}

const placeOf = (row: string): SecretPlace => ({ table: "provider_keys", row, column: "box" });
const placeOfKey = (workspaceId: string): SecretPlace => ({ table: "workspace_keys", row: workspaceId, column: "box" });

/** Closes secrets under their workspace's key, which is made where it has none yet. */
export async function sealOwn({ config, db }: Runtime, workspaceId: string, row: string, secrets: OwnSecrets) {
  const place = placeOfKey(workspaceId);
  const box = await keepWorkspaceKey(db, workspaceId, await sealSecret(config, place, newTenantKey()));
  return sealUnder(await openSecret(config, place, box), placeOf(row), JSON.stringify(secrets));
}

/** Opens a workspace's secrets, by the box of its key. One from before there were such keys holds a provider's key alone. Throws `SecretBoxError`. */
export async function openOwn(
  { config }: Runtime,
  { id, workspaceId, box }: { id: string; workspaceId: string; box: string },
  keyBox: string | null,
): Promise<OwnSecrets> {
  if (!isTenantBox(box)) return { key: await openSecret(config, placeOf(id), box) };
  if (keyBox === null) throw new SecretBoxError("A stored secret does not open: its workspace has no key.");
  const tenantKey = await openSecret(config, placeOfKey(workspaceId), keyBox);
  return JSON.parse(await openUnder(tenantKey, placeOf(id), box)) as OwnSecrets;
}
