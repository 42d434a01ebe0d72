import { iso } from "../../platform/clock.ts";
import { notFound } from "../../platform/errors.ts";
import { jsonFile } from "../../platform/rooms/archive-file.ts";
import type { PersonalData, Taker } from "../../platform/rooms/personal-data.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { listConsents } from "../consent-queries.ts";
import { presentConsent } from "../consents.ts";
import { listPasskeyRows } from "../passkey-queries.ts";
import { personById } from "../person-queries.ts";
import { toUser } from "../session/present-user.ts";
import { listSessions } from "../sessions.ts";
import { factorStatus } from "../two-factor-queries.ts";
import { listAllKeys, listLinks } from "./queries.ts";

const when = (milliseconds: number | null) => (milliseconds === null ? null : iso(milliseconds));

async function userOf({ db }: Runtime, userId: string) {
  const found = await personById(db, userId);
  if (!found) throw notFound("user");
  return toUser(found.user);
}

async function profileOf(runtime: Runtime, userId: string) {
  const { db } = runtime;
  return {
    user: await userOf(runtime, userId),
    second_factor: await factorStatus(db, userId),
    providers: (await listLinks(db, userId)).map(({ createdAt, ...link }) => ({
      ...link,
      created_at: createdAt.toISOString(),
    })),
    passkeys: (await listPasskeyRows(db, userId)).map((passkey) => ({
      id: passkey.id,
      name: passkey.name,
      credential_id: passkey.credentialId,
      public_key: passkey.publicKey,
      counter: passkey.counter,
      device_type: passkey.deviceType,
      backed_up: passkey.backedUp,
      transports: passkey.transports,
      aaguid: passkey.aaguid,
      created_at: iso(passkey.createdAt),
      last_used_at: when(passkey.lastUsedAt),
    })),
  };
}

async function keysOf({ db }: Runtime, whose: Parameters<typeof listAllKeys>[1]) {
  const api_keys = (await listAllKeys(db, whose)).map(
    ({ workspaceId, userId, expiresAt, lastUsedAt, revokedAt, createdAt, ...key }) => ({
      ...key,
      workspace_id: workspaceId,
      user_id: userId,
      expires_at: when(expiresAt),
      last_used_at: when(lastUsedAt),
      revoked_at: when(revokedAt),
      created_at: iso(createdAt),
    }),
  );
  return { api_keys };
}

async function* filesOf(runtime: Runtime, { userId, sessionId }: Taker) {
  const session = {
    id: sessionId,
    user: await userOf(runtime, userId),
    since: runtime.clock.now(),
    isSuspended: false,
  };
  yield jsonFile(runtime, "sessions.json", await listSessions(runtime, session));
  yield jsonFile(runtime, "consents.json", (await listConsents(runtime.db, userId)).map(presentConsent));
}

/** What a person has of an account: themselves, their sessions, what they agreed to, and keys without their secrets. */
export const takeout: Pick<PersonalData, "ofPerson" | "ofWorkspace"> = {
  ofPerson: {
    fields: async (runtime, { userId }) => ({
      "profile.json": await profileOf(runtime, userId),
      "keys.json": await keysOf(runtime, { userId }),
    }),
    files: filesOf,
  },
  ofWorkspace: {
    fields: async (runtime, workspaceId) => ({ "keys.json": await keysOf(runtime, { workspaceId }) }),
  },
};
