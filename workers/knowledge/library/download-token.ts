import { z } from "zod";
import type { Config } from "../../platform/config/config.ts";
import { readSigned, signed } from "../../platform/secrets/signed-token.ts";

const purpose = "download";
/** How long a link gives its file, in ms: as long as a download takes to begin. */
const lifetimeMs = 5 * 60_000;

/** What lets somebody in: they themselves, and the session or API key that they asked with. */
interface Access {
  userId: string;
  sessionId: string | null;
  keyId: string | null;
}

const claims = z.object({
  sub: z.string(),
  key: z.string(),
  by: z.string(),
  session: z.string().nullable(),
  api_key: z.string().nullable(),
});

/** A token that gives its bearer one version of a document, for as long as whoever asked for it has access. `now` in ms. */
export async function signDownload(
  config: Config,
  document: { id: string; storageKey: string },
  { userId, sessionId, keyId }: Access,
  now: number,
): Promise<{ token: string; expiresAt: number }> {
  const expiresAt = now + lifetimeMs;
  const token = await signed(
    config,
    purpose,
    { sub: document.id, key: document.storageKey, by: userId, session: sessionId, api_key: keyId },
    { now, expiresAt },
  );
  return { token, expiresAt };
}

/** The document that a token names, the version, and whose access it stands for; null for one that is forged or expired. */
export async function readDownload(
  config: Config,
  token: string,
  now: number,
): Promise<({ documentId: string; storageKey: string } & Access) | null> {
  const found = await readSigned(config, purpose, token, now, claims);
  if (!found) return null;
  const { sub, key, by, session, api_key } = found;
  return { documentId: sub, storageKey: key, userId: by, sessionId: session, keyId: api_key };
}
