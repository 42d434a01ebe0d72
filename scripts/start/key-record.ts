import { hkdfSync, randomBytes } from "node:crypto";
import { parseMasterKeys } from "../../workers/platform/secrets/master-keys.ts";
import { Refusal } from "./refusal.ts";

/** The secrets that a state's data depends on. */
export interface Secrets {
  AUTH_SECRET: string;
  MASTER_KEYS: string;
}

/** With which keys a state was made: values that tell whether a key is the same one, and nothing else about it. */
export interface KeyRecord {
  salt: string;
  auth_secret: string;
  /** By the keys' names; also those that were taken out, so that no other key takes such a name. */
  master_keys: Record<string, string>;
  /** The name of the key that closes new secrets. */
  sealing: string;
}

const checkValue = (salt: string, purpose: string, secret: string | Uint8Array) =>
  Buffer.from(hkdfSync("sha256", secret, salt, `understudy key record: ${purpose}`, 16)).toString("base64url");

/** What to do where keys are missing or others than the state was made with. */
export const howToBringBack =
  "Put .dev.vars back from your backup (or set AUTH_SECRET and MASTER_KEYS in the environment as they were). To begin anew without that data, choose another folder: STATE_DIR=… npm start";

/** A new master key. Its name is its own: two keys of one name could not be told apart. */
export const makeMasterKey = () =>
  `k${new Date().toISOString().slice(0, 10).replaceAll("-", "")}-${randomBytes(3).toString("hex")}:${randomBytes(32).toString("base64")}`;

/**
 * The record of a state that is used with these secrets from now on. Throws a `Refusal` where what the state holds would not open.
 * Keys may be added and, once a newer one has closed all secrets, taken out; a new AUTH_SECRET only ends the sessions.
 */
export function recordKeys(before: KeyRecord | null, secrets: Secrets, stateDir: string): KeyRecord {
  const parsed = parseMasterKeys(secrets.MASTER_KEYS);
  if ("wrong" in parsed) throw new Refusal(`MASTER_KEYS ${parsed.wrong}.`);
  const salt = before?.salt ?? randomBytes(16).toString("base64url");
  const present = Object.fromEntries(
    parsed.keys.map(({ id, bytes }) => [id, checkValue(salt, `master key ${id}`, bytes)]),
  );
  const known = before?.master_keys ?? {};
  for (const [id, check] of Object.entries(present)) {
    if (known[id] === undefined || known[id] === check) continue;
    throw new Refusal(
      `The key “${id}” in MASTER_KEYS is another one than that with which ${stateDir} was made. ${howToBringBack}`,
    );
  }
  if (before && present[before.sealing] === undefined) {
    throw new Refusal(
      `MASTER_KEYS lacks the key “${before.sealing}”, which closes the secrets in ${stateDir}; a new key goes in front of it, not in its place. ${howToBringBack}`,
    );
  }
  return {
    salt,
    auth_secret: checkValue(salt, "AUTH_SECRET", secrets.AUTH_SECRET),
    master_keys: { ...known, ...present },
    sealing: parsed.keys[0]?.id ?? "",
  };
}
