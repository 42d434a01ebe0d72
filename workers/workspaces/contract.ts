import { z } from "zod";
import { policy } from "../accounts/consent-contract.ts";
import { user } from "../accounts/contract.ts";
import { pageOf, pageQuery } from "../platform/http/paging.ts";
import { singleLine } from "../platform/single-line.ts";
import { roles } from "./roles.ts";

export const tags = ["Workspaces"];

export const role = z.enum(roles);

export const me = z.object({
  user,
  /** The workspace that this call was about; `X-Workspace-Id` chooses another. */
  workspace_id: z.string(),
  workspaces: z.array(z.object({ id: z.string(), name: z.string(), kind: z.enum(["personal", "team"]), role })),
  /** Whether this person runs the installation. */
  super_admin: z.boolean(),
  policy_to_accept: policy.nullable().describe("What this person has still to agree to, by `/me/consents`."),
});

const workspaceName = singleLine({ most: 80, missing: "Give the workspace a name." });

export const workspaceInput = z.strictObject({ name: workspaceName });

export const workspace = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(["personal", "team"]),
  role: role.describe("Your own."),
  suspended: z.boolean(),
});
export type Workspace = z.output<typeof workspace>;
export const workspaceList = z.object({ data: z.array(workspace), next_cursor: z.null() });

export const switchInput = z.strictObject({ workspace_id: z.string() });

export const member = z.object({
  id: z.string().describe("The person’s id."),
  name: z.string(),
  email: z.string(),
  role,
  suspended: z.boolean(),
  joined_at: z.iso.datetime(),
});
export type Member = z.output<typeof member>;
export const memberPage = pageOf(member);

/** Owners are made by handing the workspace over. */
const givenRole = z.enum(["admin", "member", "viewer"], "Choose admin, member or viewer.");

export const memberChanges = z
  .strictObject({ role: givenRole.optional(), suspended: z.boolean().optional() })
  .refine((changes) => Object.keys(changes).length > 0, "Send a role, or whether the member is suspended.");

export const transferInput = z.strictObject({ user_id: z.string() });

export const invitationInput = z.strictObject({
  email: z
    .email("Enter an e-mail address such as ada@example.com.")
    .max(254)
    .transform((value) => value.toLowerCase()),
  role: givenRole.default("member"),
});

export const invitation = z.object({
  id: z.string(),
  email: z.string(),
  role,
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
});
export type Invitation = z.output<typeof invitation>;
export const newInvitation = invitation.extend({
  mailed: z.boolean().describe("Whether the link could be mailed. Where it could not, send it yourself."),
  url: z.url().describe("The link to join by. Shown this once; anybody who signs in with the address can use it."),
});
export const invitationPage = pageOf(invitation);

/** What somebody who was sent a link sees of the invitation. */
export const openInvitation = z.object({
  workspace: z.string(),
  invited_by: z.string(),
  email: z.string(),
  role,
  expires_at: z.iso.datetime(),
});

export const accepted = z.object({ workspace_id: z.string() });

export const platformTags = ["Platform"];
export const suspensionEnds =
  "Within five seconds their streams end, and their sessions and API keys are refused. Nothing is deleted.";
export const suspensionInput = z.strictObject({ suspended: z.boolean() });

export const platformQuery = pageQuery.extend({
  query: z.string().trim().max(200).optional().describe("A part of the name or the e-mail address."),
});
export const platformWorkspace = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(["personal", "team"]),
  members: z.number().int(),
  suspended: z.boolean(),
  created_at: z.iso.datetime(),
});
export const platformWorkspacePage = pageOf(platformWorkspace);
export const platformUser = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  super_admin: z.boolean(),
  suspended: z.boolean(),
  created_at: z.iso.datetime(),
});
export const platformUserPage = pageOf(platformUser);
