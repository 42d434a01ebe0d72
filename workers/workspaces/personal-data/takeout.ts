import { iso } from "../../platform/clock.ts";
import { notFound } from "../../platform/errors.ts";
import { jsonFile } from "../../platform/rooms/archive-file.ts";
import type { PersonalData } from "../../platform/rooms/personal-data.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { findWorkspace, listInvitations, listMembers } from "./queries.ts";

async function workspaceOf({ db }: Runtime, workspaceId: string) {
  const found = await findWorkspace(db, workspaceId);
  if (!found) throw notFound("workspace");
  const { id, name, kind, createdAt } = found;
  return { workspace: { id, name, kind, created_at: iso(createdAt) } };
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

/** What workspaces give out: themselves and their people. */
export const takeout: Pick<PersonalData, "ofPerson" | "ofWorkspace"> = {
  ofPerson: {
    fields: async (_, { workspaces }) => ({ "profile.json": { workspaces } }),
  },
  ofWorkspace: {
    fields: async (runtime, id) => ({ "workspace.json": await workspaceOf(runtime, id) }),
    files: filesOf,
  },
};
