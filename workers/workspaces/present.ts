import { iso } from "../platform/clock.ts";
import type { Invitation, Member, Workspace } from "./contract.ts";
import type { InvitationRow } from "./invitations/invitation-queries.ts";
import type { MemberRow } from "./members/member-queries.ts";
import type { Membership } from "./queries.ts";

export const presentWorkspace = ({ id, name, kind, role, isSuspended, isMemberSuspended }: Membership): Workspace => ({
  id,
  name,
  kind,
  role,
  suspended: isSuspended || isMemberSuspended,
});

export const presentMember = ({ userId, name, email, role, createdAt, suspendedAt }: MemberRow): Member => ({
  id: userId,
  name,
  email,
  role,
  suspended: suspendedAt !== null,
  joined_at: iso(createdAt),
});

export const presentInvitation = ({ id, email, role, createdAt, expiresAt }: InvitationRow): Invitation => ({
  id,
  email,
  role,
  created_at: iso(createdAt),
  expires_at: iso(expiresAt),
});
