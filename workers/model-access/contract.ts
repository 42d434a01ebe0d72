import { z } from "zod";
import { serverName } from "../platform/config/config-models.ts";

/** What speaks at a server to which a workspace gave a name. */
export const serverKinds = ["openai-compatible"] as const;

/** A path’s name of what a workspace brings. */
export const named = z.object({
  provider: z.string().regex(serverName, "Use a small letter, then small letters, digits or “-”: 31 at most."),
});

export const providerKey = z.object({
  provider: z.string().describe("A provider, or the name of a server of the workspace’s own."),
  kind: z.enum(serverKinds).nullable().describe("What speaks at a server of the workspace’s own; null of a provider."),
  base_url: z.string().nullable().describe("Where it is reached; null where the installation says."),
  ending: z.string().nullable().describe("The key’s last four characters; null without a key."),
  access_client_id: z.string().nullable().describe("The public half of the service token for its tunnel."),
  own: z.boolean().describe("Whether its owner says that it is a machine of their own."),
  created_at: z.iso.datetime(),
});
export type ProviderKey = z.output<typeof providerKey>;
export const providerKeyList = z.object({ data: z.array(providerKey), next_cursor: z.null() });

export const providerCheck = z.object({
  models: z.array(z.string()).describe("The names of the models that it has now."),
  lane: z.enum(["own", "cloud"]).describe("Whether what is bound to the owner’s own machines may be sent there."),
});
export type ProviderCheck = z.output<typeof providerCheck>;

const secret = (message: string) =>
  z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,500}$/, message);

const isPlainAddress = (text: string) => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && !url.search && !url.hash;
};

/** Whole, in the place of what was there: what is left out is not kept. */
export const providerKeyInput = z
  .strictObject({
    key: secret("Paste the provider’s key: 8 to 500 characters, without spaces.").optional(),
    base_url: z
      .string()
      .trim()
      .max(500, "Use at most 500 characters.")
      .refine(isPlainAddress, "Enter an address such as https://models.example.com/v1, without “?” or “#”.")
      .optional(),
    kind: z.enum(serverKinds, "Use “openai-compatible” for a server of your own, and leave it out else.").optional(),
    access_client_id: secret("Paste the service token’s client id.").optional(),
    access_client_secret: secret("Paste the service token’s client secret.").optional(),
    own: z.boolean().optional().describe("For `ollama`: that the box is a machine of the workspace’s own."),
  })
  .refine(({ key, base_url }) => key || base_url, { path: ["key"], message: "Enter a key, an address, or both." })
  .refine(({ access_client_id: id, access_client_secret: secret }) => !id === !secret, {
    path: ["access_client_secret"],
    message: "A service token is an id and its secret: enter both, or neither.",
  });
export type ProviderKeyInput = z.output<typeof providerKeyInput>;
