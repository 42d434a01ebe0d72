import { z } from "zod";
import type { Config } from "../platform/config.ts";
import { readSigned, signed } from "../platform/signed-token.ts";

const purpose = "download";
/** How long a link gives its file, in ms: as long as a download takes to begin. */
const lifetimeMs = 5 * 60_000;

const claims = z.object({ sub: z.string(), key: z.string() });

/** A token that gives its bearer one version of a document. `now` in ms. */
export async function signDownload(
  config: Config,
  document: { id: string; storageKey: string },
  now: number,
): Promise<{ token: string; expiresAt: number }> {
  const expiresAt = now + lifetimeMs;
  const token = await signed(config, purpose, { sub: document.id, key: document.storageKey }, { now, expiresAt });
  return { token, expiresAt };
}

/** The document that a token names, and the version; null for one that is forged or expired. */
export async function readDownload(
  config: Config,
  token: string,
  now: number,
): Promise<{ documentId: string; storageKey: string } | null> {
  const found = await readSigned(config, purpose, token, now, claims);
  return found && { documentId: found.sub, storageKey: found.key };
}
