/** From most to least: what each may do stands in the table below. */
export const roles = ["owner", "admin", "member", "viewer"] as const;
export type Role = (typeof roles)[number];

/** Everybody that an action can be allowed to: the roles, who runs the installation, and the anonymous visitors of a clone. */
export const subjects = ["super_admin", ...roles, "visitor"] as const;
export type Subject = (typeof subjects)[number];

const everybody = ["owner", "admin", "member", "viewer"] as const;
const makers = ["owner", "admin", "member"] as const;
const heads = ["owner", "admin"] as const;

/**
 * Actions by who may do them: the whole table, so that it can be read in one look. The API checks it, the web app reads it to show
 * only what will work, and a test walks it route by route.
 */
const allowed = {
  // Whoever runs the installation: over all workspaces, but into none of them.
  "platform.read": ["super_admin"],
  "platform.suspend": ["super_admin"],
  "platform.money": ["super_admin"],
  "workspace.read": everybody,
  "workspace.rename": heads,
  "workspace.transfer": ["owner"],
  "workspace.delete": ["owner"],
  "workspace.export": ["owner"],
  "workspace.leave": everybody,
  "member.read": everybody,
  "member.change": heads,
  "member.remove": heads,
  "invitation.read": heads,
  "invitation.write": heads,
  "key.read": everybody,
  "key.create": makers,
  "key.revoke": everybody,
  "provider_key.write": heads,
  "box.read": everybody,
  // Owners only where nobody runs the installation: `requireRunsInstallation`.
  "box.write": ["super_admin", "owner"],
  "sso.read": heads,
  "sso.write": heads,
  "audit.read": ["owner"],
  "retention.read": heads,
  "retention.write": ["owner"],
  // Of what one used oneself; what all used, those see who manage them.
  "usage.read": everybody,
  // Buying, and saying who is paid.
  "billing.spend": heads,
  "clone.read": everybody,
  "clone.write": makers,
  "clone.delete": heads,
  "document.read": everybody,
  "document.open": [...everybody, "visitor"],
  "document.write": makers,
  "evaluation.read": everybody,
  "evaluation.run": makers,
  // Of one's own conversations; those of others are seen only where they are shared.
  "conversation.read": [...everybody, "visitor"],
  "conversation.write": [...makers, "visitor"],
  "conversation.share": makers,
  "conversation.read_shared": everybody,
} as const satisfies Record<string, readonly Subject[]>;

/** Whose place in the workspace each role may change, take away or give out: nobody reaches as high as themselves, or higher. */
const managed: Record<Role, readonly Role[]> = {
  owner: ["admin", "member", "viewer"],
  admin: ["member", "viewer"],
  member: [],
  viewer: [],
};

/** Whether somebody may change, remove or invite people of a role. */
export function mayManage(role: Role, whom: Role): boolean {
  return managed[role].includes(whom);
}

/** The roles that somebody may give to others. */
export function rolesGivenBy(role: Role): readonly Role[] {
  return managed[role];
}

export type Action = keyof typeof allowed;

/** What visitors may do, too. */
export type VisitorsAction = { [A in Action]: "visitor" extends (typeof allowed)[A][number] ? A : never }[Action];

export const actions = Object.keys(allowed) as Action[];

/** Whether a role (or another subject) may do something. */
export function may(subject: Subject, action: Action): boolean {
  return (allowed[action] as readonly Subject[]).includes(subject);
}
