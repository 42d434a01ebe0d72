import { base64url } from "jose";

/** A key that wraps the keys of stored secrets. */
export interface MasterKey {
  id: string;
  bytes: Uint8Array<ArrayBuffer>;
}

const keyBytes = 32;
/** Of 32 random bytes about thirty differ; fewer than this is a text or a pattern. */
const leastDifferent = 20;

export const howToMake =
  "Set it to a name, a colon and 32 random bytes, for example: echo k1:$(openssl rand -base64 32). The first of several, parted by commas, closes new secrets; the others still open old ones.";

/** The keys that `MASTER_KEYS` lists, `id:base64` parted by commas, or why they are none. */
export function parseMasterKeys(text: string): { keys: MasterKey[] } | { wrong: string } {
  const keys: MasterKey[] = [];
  for (const part of text.split(/[\s,]+/).filter(Boolean)) {
    const [, id, encoded] = /^([\w-]{1,40}):([\w+/-]+)=*$/.exec(part) ?? [];
    if (!id || !encoded) return { wrong: "holds something that is no key" };
    if (keys.some((key) => key.id === id)) return { wrong: `names the key “${id}” twice` };
    const bytes = new Uint8Array(base64url.decode(encoded.replaceAll("+", "-").replaceAll("/", "_")));
    if (bytes.length !== keyBytes)
      return { wrong: `holds the key “${id}”, which has ${bytes.length} bytes and not 32` };
    if (new Set(bytes).size < leastDifferent) return { wrong: `holds the key “${id}”, which is too easy to guess` };
    keys.push({ id, bytes });
  }
  return keys.length > 0 ? { keys } : { wrong: "is not set" };
}
