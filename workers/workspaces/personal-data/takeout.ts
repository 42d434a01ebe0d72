import { iso } from "../../platform/clock.ts";
import { notFound } from "../../platform/errors.ts";
import { jsonFile } from "../../platform/rooms/archive-file.ts";
import type { PersonalData } from "../../platform/rooms/personal-data.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { listProviderKeys } from "../keys/provider-key-queries.ts";
import { findWorkspace, listInvitations, listMembers } from "./queries.ts";

async function workspaceOf({ db }: Runtime, workspaceId: string) {
  const found = await findWorkspace(db, workspaceId);
  if (!found) throw notFound("workspace");
  const { id, name, kind, createdAt } = found;
  return { workspace: { id, name, kind, created_at: iso(createdAt) } };
}

async function keysOf({ db }: Runtime, workspaceId: string | null) {
  const keys = workspaceId === null ? [] : await listProviderKeys(db, workspaceId);
  return {
    provider_keys: keys.map(({ provider, ending, createdAt }) => ({ provider, ending, created_at: iso(createdAt) })),
  };
}

async function* filesOf(runtime: Runtime, id: string) {
  const members = (await listMembers(runtime.db, id)).map(({ createdAt, suspendedAt, ...member }) => ({
    ...member,
    suspended: suspendedAt !== null,
    joined_at: iso(createdAt),
  }));
  yield jsonFile(runtime, "members.json", members);
  const invitations = (await listInvitations(runtime.db, id)).map(
    ({ invitedBy, createdAt, expiresAt, ...invitation }) => ({
      ...invitation,
      invited_by: invitedBy,
      created_at: iso(createdAt),
      expires_at: iso(expiresAt),
    }),
  );
  yield jsonFile(runtime, "invitations.json", invitations);
}

/** What workspaces give out: themselves, their people, and the keys of providers without what they open with. */
export const takeout: Pick<PersonalData, "ofPerson" | "ofWorkspace"> = {
  ofPerson: {
    fields: async (runtime, { workspaces, home }) => ({
      "profile.json": { workspaces },
      "keys.json": await keysOf(runtime, home),
    }),
  },
  ofWorkspace: {
    fields: async (runtime, id) => ({
      "workspace.json": await workspaceOf(runtime, id),
      "keys.json": await keysOf(runtime, id),
    }),
    files: filesOf,
  },
};
