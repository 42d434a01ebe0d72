import type { AccountCall } from "../../accounts/operation.ts";
import type { Identity } from "../../accounts/providers/oauth-identity.ts";
import { linkedPerson } from "../../accounts/providers/oauth-queries.ts";
import { OAuthRefusal } from "../../accounts/providers/oauth-refusal.ts";
import { inBrowser, type OAuthSignedIn, openFor } from "../../accounts/providers/open-for.ts";
import { confirmedAddress, personOf } from "../../accounts/providers/whose-account.ts";
import { auditStatements } from "../../audit/record.ts";
import type { Database } from "../../db/client.ts";
import { forgetEverywhere } from "../../platform/changes/changes.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { chosenCookie } from "../chosen-cookie.ts";
import { hasMemberWith } from "../invitations/invitation-queries.ts";
import { mostPeople } from "../invitations/invite.ts";
import { countMembers } from "../members/member-queries.ts";
import { membershipIn } from "../queries.ts";
import { authorityOf } from "./links.ts";
import { type ConnectionRow, hasDomains, hasInvitation, insertMember } from "./queries.ts";

export const domainOf = (email: string) => email.slice(email.lastIndexOf("@") + 1).toLowerCase();

interface Link {
  authority: string;
  subject: string;
}

/** What makes somebody a member, together with their first sign-in by the connection, and tells the log of it. */
async function joining(call: AccountCall, connection: ConnectionRow, link: Link) {
  const { db, clock, from } = call;
  return async ({ userId }: { userId: string }) => {
    const source = { ...from, actorKind: "user", actorId: userId, keyId: null } as const;
    const event = {
      action: "member.joined",
      resource: { kind: "user", id: userId },
      details: { role: connection.defaultRole, connection_id: connection.id },
    } as const;
    const audit = await auditStatements(call, connection.workspaceId, source, event, "changed");
    return [insertMember(db, connection, { userId, link, now: clock.now() }), ...audit];
  };
}

/** Refuses a newcomer to a workspace that is full. Throws `OAuthRefusal`. */
async function demandRoom(db: Database, { workspaceId }: ConnectionRow, link: Link, email: string): Promise<void> {
  if ((await countMembers(db, workspaceId)) < mostPeople) return;
  if (await linkedPerson(db, link)) return;
  if (!(await hasMemberWith(db, workspaceId, email))) throw new OAuthRefusal("workspace_full");
}

/**
 * Refuses who is suspended in the workspace, or was taken out of it or left: a sign-in makes nobody a member twice. Who is invited
 * anew is let in, to accept. Throws `OAuthRefusal`.
 */
async function demandPlace(
  { db, clock }: Runtime,
  { workspaceId }: ConnectionRow,
  { id, email }: { id: string; email: string },
): Promise<void> {
  const place = await membershipIn(db, id, workspaceId);
  if (place ? place.isMemberSuspended : !(await hasInvitation(db, workspaceId, email, clock.now())))
    throw new OAuthRefusal("not_member");
}

/**
 * Signs in who a connection says that somebody is, if both the address that it says and the one that the account has are in its
 * domains: no provider opens the account of somebody who took theirs elsewhere. Throws `OAuthRefusal`.
 */
export async function signInByConnection(
  call: AccountCall,
  connection: ConnectionRow,
  identity: Identity,
): Promise<OAuthSignedIn> {
  const { db, config } = call;
  const email = confirmedAddress(identity);
  const demandDomain = async (of: string) => {
    if (!(await hasDomains(db, connection.id, [domainOf(of)]))) throw new OAuthRefusal("address_not_allowed");
  };
  await demandDomain(email);
  const authority = authorityOf(connection);
  const link = { authority, subject: identity.subject };
  await demandRoom(db, connection, link, email);
  const atFirst = await joining(call, connection, link);
  const person = await personOf(call, { authority, name: connection.name }, identity, atFirst);
  await demandDomain(person.email);
  await forgetEverywhere(call, [`user:${person.id}`]);
  await demandPlace(call, connection, person);
  const opened = inBrowser(await openFor(call, person, { by: "sso", connection_id: connection.id }));
  const shown = chosenCookie(config, connection.workspaceId);
  return { ...opened, cookies: [...opened.cookies, shown] };
}
