/** From most to least: what each may do stands in `permissions.ts`. */
export const roles = ["owner", "admin", "member", "viewer"] as const;
export type Role = (typeof roles)[number];
