import { z } from "zod";
import { Problem } from "../errors.ts";

const answerOf = z.object({
  Status: z.number().int(),
  Answer: z.array(z.object({ type: z.number().int(), data: z.string() })).default([]),
});
const types = { A: 1, AAAA: 28, TXT: 16 } as const;
const noSuchName = 3;

async function ask(
  resolver: string,
  name: string,
  type: keyof typeof types,
  signal: AbortSignal,
): Promise<string[] | null> {
  const url = new URL(resolver);
  url.searchParams.set("name", name);
  url.searchParams.set("type", type);
  const response = await fetch(url, { headers: { Accept: "application/dns-json" }, redirect: "manual", signal });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`The resolver answered ${response.status}.`);
  }
  const { Status, Answer } = answerOf.parse(await response.json());
  if (Status !== 0 && Status !== noSuchName) throw new Error(`The resolver answered with DNS status ${Status}.`);
  if (Status === noSuchName) return null;
  return Answer.filter((answer) => answer.type === types[type]).map(({ data }) => data);
}

/**
 * All addresses of a name, asked over HTTPS at `resolver` (JSON API of DNS-over-HTTPS). Throws `fetch_failed` where it has none or
 * the resolver cannot be asked: a name that cannot be checked is not fetched from.
 */
export async function resolveName(resolver: string, name: string, signal: AbortSignal): Promise<string[]> {
  let found: (string[] | null)[];
  try {
    found = await Promise.all([ask(resolver, name, "A", signal), ask(resolver, name, "AAAA", signal)]);
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new Problem("fetch_failed", `The address of ${name} could not be looked up. Try again later.`, { cause });
  }
  const addresses = found.flatMap((each) => each ?? []);
  if (addresses.length === 0)
    throw new Problem("fetch_failed", `There is no website at ${name}. Check the spelling of its address.`);
  return addresses;
}

/** The strings of a TXT record as they stand together: `"a" "b\\"c"` is `ab"c`. A resolver may leave the quotes out. */
function textOf(data: string): string {
  const parts = [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part = ""]) => part.replace(/\\(.)/g, "$1"));
  return parts.length > 0 ? parts.join("") : data;
}

/** The texts that a name has in DNS; none where there is no such name. Throws `fetch_failed` where the resolver cannot be asked. */
export async function resolveTexts(resolver: string, name: string, signal: AbortSignal): Promise<string[]> {
  try {
    return ((await ask(resolver, name, "TXT", signal)) ?? []).map(textOf);
  } catch (cause) {
    throw new Problem("fetch_failed", `The records of ${name} could not be looked up. Try again later.`, { cause });
  }
}
