import type { ApiKeyRow } from "../accounts/api-key-queries.ts";
import { keyPrefix, readApiKey } from "../accounts/api-keys.ts";
import { findSession, type Session } from "../accounts/read-session.ts";
import type { Credential } from "../platform/http/credential.ts";
import type { Runtime } from "../platform/runtime.ts";
import { isOpenToVisitors, membershipsBeside } from "./standing.ts";
import { readVisitorToken, type Visitor } from "./visitor-token.ts";

/** Whom a valid credential stands for, before it is asked what they may do and where. */
export type Identity =
  | { kind: "person"; session: Session }
  | { kind: "key"; key: ApiKeyRow }
  | { kind: "visitor"; visitor: Visitor };

async function personOf(runtime: Runtime, credential: Credential): Promise<Identity | null> {
  const session = await findSession(runtime, credential, membershipsBeside(runtime));
  return session && { kind: "person", session };
}

async function visitorOf(runtime: Runtime, token: string): Promise<Identity | null> {
  const visitor = await readVisitorToken(runtime.config, token, runtime.clock.now());
  return visitor && (await isOpenToVisitors(runtime, visitor.workspaceId)) ? { kind: "visitor", visitor } : null;
}

/** Whom a credential stands for, or null. A bearer is an API key by its prefix, a visitor's signed token by its two dots, else a session's. */
export async function authenticate(runtime: Runtime, credential: Credential): Promise<Identity | null> {
  switch (credential.kind) {
    case "nobody":
      return null;
    case "bearer": {
      const { token } = credential;
      if (token === null) return null;
      if (token.startsWith(keyPrefix)) {
        const key = await readApiKey(runtime, token);
        return key ? { kind: "key", key } : null;
      }
      return token.split(".").length === 3 ? visitorOf(runtime, token) : personOf(runtime, credential);
    }
    case "cookies": {
      const person = await personOf(runtime, credential);
      return person ?? (credential.visitor === null ? null : visitorOf(runtime, credential.visitor));
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
