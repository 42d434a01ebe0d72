import { z } from "zod";
import { keyedProviders } from "../models/registry.ts";

export const providers = z.enum(keyedProviders);
export const providerKey = z.object({
  provider: providers,
  ending: z.string().describe("The key’s last four characters."),
  created_at: z.iso.datetime(),
});
export type ProviderKey = z.output<typeof providerKey>;
export const providerKeyList = z.object({ data: z.array(providerKey), next_cursor: z.null() });
export const providerKeyInput = z.strictObject({
  key: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,500}$/, "Paste the provider’s key: 8 to 500 characters, without spaces."),
});
