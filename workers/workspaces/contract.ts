import { z } from "zod";
import { user } from "../accounts/contract.ts";
import { roles } from "./roles.ts";

export const role = z.enum(roles);

export const me = z.object({
  user,
  /** The workspace that this call was about; `X-Workspace-Id` chooses another. */
  workspace_id: z.string(),
  workspaces: z.array(z.object({ id: z.string(), name: z.string(), kind: z.enum(["personal", "team"]), role })),
  /** Whether this person runs the installation. */
  super_admin: z.boolean(),
});
export type Me = z.output<typeof me>;

export const providers = z.enum(["openai"]);
export const providerKey = z.object({
  provider: providers,
  ending: z.string().describe("The key’s last four characters."),
  created_at: z.iso.datetime(),
});
export type ProviderKey = z.output<typeof providerKey>;
export const providerKeyList = z.object({ data: z.array(providerKey), next_cursor: z.null() });
export const providerKeyInput = z.object({
  key: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,500}$/, "Paste the provider’s key: 8 to 500 characters, without spaces."),
});
