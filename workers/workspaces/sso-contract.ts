import { z } from "zod";
import { startQuery } from "../accounts/oauth-contract.ts";
import { singleLine } from "../platform/single-line.ts";

export const tags = ["Single sign-on"];

const name = singleLine({ most: 60, missing: "Give it a name, such as your organisation’s." });
export const givenRoles = ["member", "viewer"] as const;
const defaultRole = z.enum(givenRoles, "Choose member or viewer.");
const webAddress = z
  .url({ protocol: /^https?$/, error: "Enter an address such as https://login.example.com." })
  .max(2_000);

const oidcSettings = {
  issuer: webAddress.describe("As the provider writes it, for example `https://login.example.com/realms/staff`."),
  client_id: z.string().trim().min(1, "Enter the client id.").max(255),
  client_secret: z.string().trim().min(1, "Enter the client secret.").max(1_000).describe("Never shown again."),
};
const samlSettings = {
  entity_id: z.string().trim().min(1, "Enter the provider’s entity id.").max(1_024),
  sso_url: webAddress.describe("Where the provider takes requests by HTTP-Redirect."),
  certificates: z
    .array(z.string().max(10_000, "This is no certificate."))
    .min(1, "Paste the certificate.")
    .max(5, "Name at most five certificates.")
    .describe("PEM. Responses must be signed by one of them; several, while the provider changes its key."),
  metadata: z
    .string()
    .max(500_000, "This is too long for metadata.")
    .describe("The provider’s metadata, in place of the other three."),
};
const optional = <T extends Record<string, z.ZodType>>(shape: T) => z.object(shape).partial().shape;

export const connectionInput = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("oidc"),
    name,
    default_role: defaultRole.default("member"),
    ...optional(oidcSettings),
  }),
  z.strictObject({
    kind: z.literal("saml"),
    name,
    default_role: defaultRole.default("member"),
    ...optional(samlSettings),
  }),
]);

export const connectionChanges = z
  .strictObject({
    ...optional({ name, default_role: defaultRole }),
    ...optional(oidcSettings),
    ...optional(samlSettings),
  })
  .refine((changes) => Object.keys(changes).length > 0, "Send what is to change.");
export type ConnectionChanges = z.output<typeof connectionChanges>;

export const domainInput = z.strictObject({
  domain: z.string().trim().min(1, "Enter a domain such as example.com.").max(253, "A domain is shorter."),
});

export const ssoDomain = z.object({
  id: z.string(),
  domain: z.string(),
  verified: z.boolean(),
  record: z.object({ type: z.literal("TXT"), name: z.string(), value: z.string() }).describe("To be put into DNS."),
});
export type SsoDomain = z.output<typeof ssoDomain>;

export const connection = z.object({
  id: z.string(),
  kind: z.enum(["oidc", "saml"]),
  name: z.string(),
  default_role: defaultRole.describe("What people become who come in by it for the first time."),
  ready: z.boolean().describe("Whether its settings are whole. People sign in by it once a domain is verified, too."),
  issuer: z.string().nullable(),
  client_id: z.string().nullable(),
  has_secret: z.boolean(),
  entity_id: z.string().nullable(),
  sso_url: z.string().nullable(),
  certificates: z.array(z.object({ fingerprint: z.string(), expires_at: z.iso.datetime() })),
  /** What is entered at the provider. */
  service: z.object({
    callback_url: z.string().nullable().describe("Of OpenID Connect."),
    entity_id: z.string().nullable().describe("Of SAML; also where the metadata is."),
    acs_url: z.string().nullable().describe("Of SAML."),
    sign_in_url: z.string().describe("A link that begins a sign-in, for pages of one’s own."),
  }),
  domains: z.array(ssoDomain),
  created_at: z.iso.datetime(),
});
export type Connection = z.output<typeof connection>;
export const connectionList = z.object({ data: z.array(connection), next_cursor: z.null() });

/** What a link that begins a sign-in says. Providers’ portals put fields of their own beside it (`iss`, `login_hint`, …). */
export const beginQuery = z.looseObject(startQuery.shape);

export const ssoInput = z.strictObject({
  email: z
    .email("Enter your work e-mail address, such as ada@example.com.")
    .max(254)
    .transform((value) => value.toLowerCase()),
  return_to: z.string().max(2_000).optional().describe("The path of this site to end at."),
});
export const ssoAnswer = z.object({ url: z.url().describe("Where the browser begins the sign-in.") });

/** What a provider's page posts. It may put fields of its own beside these. */
export const samlAnswer = z.looseObject({ SAMLResponse: z.string().default(""), RelayState: z.string().default("") });

export const finishQuery = z.strictObject({ token: z.string().max(200).optional() });
