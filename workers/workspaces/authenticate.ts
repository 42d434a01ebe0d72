import type { ApiKeyRow } from "../accounts/api-key-queries.ts";
import { keyPrefix, readApiKey } from "../accounts/api-keys.ts";
import { recallSession, type Session } from "../accounts/read-session.ts";
import type { Relying } from "../platform/changes/relying.ts";
import type { Credential } from "../platform/http/credential.ts";
import type { Runtime } from "../platform/runtime.ts";
import { isOpenToVisitors, membershipsBeside } from "./standing.ts";
import { readVisitorToken, type Visitor } from "./visitor-token.ts";

/** Whom a valid credential stands for, before it is asked what they may do and where. */
export type Identity =
  | { kind: "person"; session: Session }
  | { kind: "key"; key: ApiKeyRow }
  | { kind: "visitor"; visitor: Visitor };

async function personOf(runtime: Runtime, credential: Credential, relying: Relying): Promise<Identity | null> {
  const session = await recallSession(runtime, credential, relying, membershipsBeside);
  return session && { kind: "person", session };
}

async function visitorOf(runtime: Runtime, token: string, relying: Relying): Promise<Identity | null> {
  const visitor = await readVisitorToken(runtime.config, token, runtime.clock.now());
  const isIn = visitor && (await isOpenToVisitors(runtime, visitor.workspaceId, relying));
  return isIn ? { kind: "visitor", visitor } : null;
}

/**
 * Whom a credential stands for, or null, by what is remembered where that is to be relied on. A bearer is an API key by its prefix, a visitor's
 * signed token by its two dots, else a session's.
 */
export async function authenticate(
  runtime: Runtime,
  credential: Credential,
  relying: Relying,
): Promise<Identity | null> {
  switch (credential.kind) {
    case "nobody":
      return null;
    case "bearer": {
      const { token } = credential;
      if (token === null) return null;
      if (token.startsWith(keyPrefix)) {
        const key = await readApiKey(runtime, token, relying);
        return key ? { kind: "key", key } : null;
      }
      return token.split(".").length === 3
        ? visitorOf(runtime, token, relying)
        : personOf(runtime, credential, relying);
    }
    case "cookies": {
      const person = await personOf(runtime, credential, relying);
      return person ?? (credential.visitor === null ? null : visitorOf(runtime, credential.visitor, relying));
    }
  }
}

/** By whom a call is counted. An address can become as many visitors as it likes: it is counted beside them. */
export function subjectsOf(identity: Identity | null, address: string): string[] {
  switch (identity?.kind) {
    case "person":
      return [`account:${identity.session.user.id}`];
    case "key":
      return [`key:${identity.key.id}`];
    case "visitor":
      return [`visitor:${identity.visitor.visitorId}`, address];
    case undefined:
      return [address];
  }
}
