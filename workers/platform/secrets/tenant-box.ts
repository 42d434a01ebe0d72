import { base64url } from "jose";
import { boundTo, close, importKey, randomKey, SecretBoxError, type SecretPlace, unclose } from "./secret-box.ts";

const version = "t1";
/** What boxes under tenants' keys begin with. */
export const tenantBoxes = `${version}.`;

/** A new key for a tenant, to be stored by `sealSecret`: a new master key closes these again, and nothing that is under them. */
export const newTenantKey = (): string => base64url.encode(randomKey());

/** Whether a box is closed under a tenant's key. */
export const isTenantBox = (box: string) => box.startsWith(tenantBoxes);

/** Closes a secret under a tenant's key: `t1.<secret>`. */
export async function sealUnder(tenantKey: string, place: SecretPlace, secret: string): Promise<string> {
  const key = await importKey(keyOf(tenantKey));
  return `${version}.${await close(key, new TextEncoder().encode(secret), boundTo("tenant secret", place))}`;
}

/** The secret in a box under a tenant's key. Throws `SecretBoxError`. */
export async function openUnder(tenantKey: string, place: SecretPlace, box: string): Promise<string> {
  const [which, sealed, ...more] = box.split(".");
  if (which !== version || !sealed || more.length > 0)
    throw new SecretBoxError("A stored secret is not one that this version of the product has written.");
  const key = await importKey(keyOf(tenantKey));
  return new TextDecoder().decode(await unclose(key, sealed, boundTo("tenant secret", place)));
}

const keyOf = (tenantKey: string) => new Uint8Array(base64url.decode(tenantKey));
