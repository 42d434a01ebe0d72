import crypto, { type ScryptOptions } from "node:crypto";
import { standardScryptCost } from "../../platform/config/config.ts";

const keyLength = 64;

/** The runtime’s native scrypt at OWASP’s parameters. */
function derive(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  const options: ScryptOptions = { N: cost, r: 8, p: 5, maxmem: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    crypto.scrypt(password.normalize("NFKC"), salt, keyLength, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

/** `scrypt$<salt>$<key>`, both base64, with `$<cost>` behind where it is not the standard one, which is about 130 ms of CPU. */
export async function hashPassword(password: string, cost: number): Promise<string> {
  const salt = crypto.randomBytes(16);
  const key = await derive(password, salt, cost);
  const hash = `scrypt$${salt.toString("base64")}$${key.toString("base64")}`;
  return cost === standardScryptCost ? hash : `${hash}$${cost}`;
}

/** Whether `password` made `hash`, in constant time and at the cost that made it. False for a hash of another form. */
export async function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const [scheme, salt, key, cost = standardScryptCost] = hash.split("$");
  if (scheme !== "scrypt" || !salt || !key) return false;
  const expected = Buffer.from(key, "base64");
  return (
    expected.length === keyLength &&
    crypto.timingSafeEqual(await derive(password, Buffer.from(salt, "base64"), Number(cost)), expected)
  );
}
