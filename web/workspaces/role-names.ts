import type { Role } from "../../workers/workspaces/roles.ts";

/** Roles as people read them. */
export const roleNames: Record<Role, string> = { owner: "Owner", admin: "Admin", member: "Member", viewer: "Viewer" };

/** What each may do, in a line. */
export const roleHints: Record<Role, string> = {
  owner: "Everything",
  admin: "Everything but handing over and deleting the workspace",
  member: "Makes clones, adds documents, asks",
  viewer: "Looks at clones, documents and shared conversations",
};
