import { z } from "zod";
import { user } from "../accounts/contract.ts";
import { roles } from "./roles.ts";

export const me = z.object({
  user,
  workspaces: z.array(z.object({ id: z.string(), name: z.string(), role: z.enum(roles) })),
});
export type Me = z.output<typeof me>;
