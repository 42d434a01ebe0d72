import { base64url } from "jose";
import type { Config } from "../config/config.ts";
import type { MasterKey } from "./master-keys.ts";

/** Where a secret is stored. Its box opens there alone: in another row or column it does not. */
export interface SecretPlace {
  table: string;
  row: string;
  column: string;
}

const version = "v1";
const algorithm = "AES-GCM";
const ivBytes = 12;
const dataKeyBytes = 32;

/** Thrown for a box that does not open: damaged, brought from another place, or closed by a master key that is not configured. */
export class SecretBoxError extends Error {
  override name = "SecretBoxError";
}

interface Keys {
  current: string;
  byId: Map<string, Promise<CryptoKey>>;
}

const imported = new WeakMap<Config, Keys>();

/** The key of some bytes. */
export const importKey = (bytes: Uint8Array<ArrayBuffer>) =>
  crypto.subtle.importKey("raw", bytes, algorithm, false, ["encrypt", "decrypt"]);

/** The bytes of a new key. */
export const randomKey = () => crypto.getRandomValues(new Uint8Array(dataKeyBytes));

/** The configuration's master keys, imported once for a configuration. */
function keysOf(config: Config): Keys {
  let keys = imported.get(config);
  if (!keys) {
    const [current] = config.MASTER_KEYS as [MasterKey, ...MasterKey[]];
    keys = { current: current.id, byId: new Map(config.MASTER_KEYS.map(({ id, bytes }) => [id, importKey(bytes)])) };
    imported.set(config, keys);
  }
  return keys;
}

/** What a ciphertext is bound to. JSON keeps the parts apart whatever they hold. */
export const boundTo = (purpose: string, { table, row, column }: SecretPlace) =>
  new TextEncoder().encode(JSON.stringify(["understudy", version, purpose, table, row, column]));

/** Closes bytes under a key, behind a vector of their own. */
export async function close(key: CryptoKey, bytes: Uint8Array<ArrayBuffer>, additionalData: Uint8Array<ArrayBuffer>) {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: algorithm, iv, additionalData }, key, bytes));
  const both = new Uint8Array(ivBytes + sealed.length);
  both.set(iv);
  both.set(sealed, ivBytes);
  return base64url.encode(both);
}

/** What `close` has closed. Throws `SecretBoxError`. */
export async function unclose(key: CryptoKey, text: string, additionalData: Uint8Array<ArrayBuffer>) {
  try {
    const both = new Uint8Array(base64url.decode(text));
    const iv = both.subarray(0, ivBytes);
    const opened = await crypto.subtle.decrypt({ name: algorithm, iv, additionalData }, key, both.subarray(ivBytes));
    return new Uint8Array(opened);
  } catch (cause) {
    throw new SecretBoxError("A stored secret does not open: it is damaged, or belongs to another place.", { cause });
  }
}

/** The parts of a box: which master key wraps its data key, that key, and the secret under it. */
function partsOf(box: string): { keyId: string; wrapped: string; sealed: string } {
  const [which, keyId, wrapped, sealed, ...more] = box.split(".");
  if (which !== version || !keyId || !wrapped || !sealed || more.length > 0)
    throw new SecretBoxError("A stored secret is not one that this version of the product has written.");
  return { keyId, wrapped, sealed };
}

async function unwrap(config: Config, place: SecretPlace, box: string) {
  const { keyId, wrapped, sealed } = partsOf(box);
  const master = await keysOf(config).byId.get(keyId);
  if (!master)
    throw new SecretBoxError(`A stored secret needs the master key “${keyId}”. Put it back into MASTER_KEYS.`);
  return { keyId, sealed, dataKey: await unclose(master, wrapped, boundTo(`key ${keyId}`, place)) };
}

async function wrap(config: Config, place: SecretPlace, dataKey: Uint8Array<ArrayBuffer>): Promise<string> {
  const { current, byId } = keysOf(config);
  const master = await byId.get(current);
  if (!master) throw new SecretBoxError("There is no master key.");
  return `${version}.${current}.${await close(master, dataKey, boundTo(`key ${current}`, place))}`;
}

/** Closes a secret under a key of its own, which the first of `MASTER_KEYS` wraps: `v1.<master key>.<key>.<secret>`. */
export async function sealSecret(config: Config, place: SecretPlace, secret: string): Promise<string> {
  const dataKey = randomKey();
  const key = await importKey(dataKey);
  const sealed = await close(key, new TextEncoder().encode(secret), boundTo("secret", place));
  return `${await wrap(config, place, dataKey)}.${sealed}`;
}

/** The secret in a box. Throws `SecretBoxError`. */
export async function openSecret(config: Config, place: SecretPlace, box: string): Promise<string> {
  const { dataKey, sealed } = await unwrap(config, place, box);
  return new TextDecoder().decode(await unclose(await importKey(dataKey), sealed, boundTo("secret", place)));
}

/** A box with its key wrapped by the first of `MASTER_KEYS`; null where it is so already. Throws `SecretBoxError`. */
export async function rewrapSecret(config: Config, place: SecretPlace, box: string): Promise<string | null> {
  const { keyId, dataKey, sealed } = await unwrap(config, place, box);
  if (keyId === keysOf(config).current) return null;
  return `${await wrap(config, place, dataKey)}.${sealed}`;
}

/** A column of secrets, for their rotation. */
export interface SecretColumn {
  table: string;
  column: string;
  /** At most `limit` rows after the row `after`, in the order of rows, whose box does not begin with `prefix`. */
  list(prefix: string, after: string, limit: number): Promise<{ row: string; box: string }[]>;
  /** Puts `to` in the place of `from`, unless somebody has written another box meanwhile. */
  replace(row: string, from: string, to: string): Promise<void>;
}

/** What became of a column's boxes that an older master key wrapped. */
export interface Rotation {
  rewrapped: number;
  /** Why boxes did not open; they stay as they are. */
  failures: { row: string; error: SecretBoxError }[];
}

const page = 100;

/**
 * Wraps all boxes of a column by the first of `MASTER_KEYS`, once through, while others read and write them. What an older
 * version wrote meanwhile is left to the next time: when a time finds nothing, the older key can be taken out.
 */
export async function rotateSecrets(config: Config, { table, column, list, replace }: SecretColumn): Promise<Rotation> {
  const rotation: Rotation = { rewrapped: 0, failures: [] };
  let after = "";
  for (;;) {
    const rows = await list(`${version}.${keysOf(config).current}.`, after, page);
    for (const { row, box } of rows) {
      after = row;
      try {
        const rewrapped = await rewrapSecret(config, { table, row, column }, box);
        if (rewrapped === null) continue;
        await replace(row, box, rewrapped);
        rotation.rewrapped++;
      } catch (error) {
        // One damaged row must not keep the others under a key that is to go.
        if (!(error instanceof SecretBoxError)) throw error;
        rotation.failures.push({ row, error });
      }
    }
    if (rows.length < page) return rotation;
  }
}
