import { z } from "zod";
import type { Config } from "../platform/config/config.ts";
import { readSigned, signed } from "../platform/secrets/signed-token.ts";

const purpose = "visitor";

/** Seconds for which an anonymous visitor keeps their conversations. */
export const visitorLifetime = 30 * 24 * 60 * 60;

const claims = z.object({ sub: z.string(), clone: z.string(), ws: z.string() });

export interface Visitor {
  visitorId: string;
  cloneId: string;
  workspaceId: string;
}

/** A signed token that makes its bearer one visitor of one clone, for `visitorLifetime`. `now` in ms. */
export function signVisitorToken(config: Config, visitor: Visitor, now: number): Promise<string> {
  const said = { sub: visitor.visitorId, clone: visitor.cloneId, ws: visitor.workspaceId };
  return signed(config, purpose, said, { now, expiresAt: now + visitorLifetime * 1_000 });
}

/** The visitor whom a token names, or null for one that is forged, expired or of another kind. */
export async function readVisitorToken(config: Config, token: string, now: number): Promise<Visitor | null> {
  const found = await readSigned(config, purpose, token, now, claims);
  return found && { visitorId: found.sub, cloneId: found.clone, workspaceId: found.ws };
}
