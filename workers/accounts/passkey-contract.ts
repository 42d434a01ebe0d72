import { z } from "zod";
import { singleLine } from "../platform/single-line.ts";

const base64url = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[\w-]+$/, "This is no base64url.");
/** 1,023 bytes at most, by the standard. */
const credentialId = base64url(1_364);
const clientDataJSON = base64url(8_000);

const passkeyName = singleLine({ most: 100, missing: "Give the passkey a name." });

export const passkeyOptionsInput = z.strictObject({
  password: z
    .string()
    .min(1, "Enter your password.")
    .max(128)
    .optional()
    .describe("Needed where the sign-in was more than ten minutes ago."),
  code: z.string().trim().max(40, "That is no code.").optional().describe("Beside it, where the second factor is on."),
});

/** What `navigator.credentials.create()` takes, as JSON. */
export const creationOptions = z.object({
  challenge: z.string(),
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ type: z.literal("public-key"), alg: z.number().int() })),
  timeout: z.number().int(),
  excludeCredentials: z.array(
    z.object({ id: z.string(), type: z.literal("public-key"), transports: z.array(z.string()) }),
  ),
  authenticatorSelection: z.object({
    residentKey: z.literal("required"),
    requireResidentKey: z.literal(true),
    userVerification: z.literal("required"),
  }),
  attestation: z.literal("none"),
});

/** What it gives, as `PublicKeyCredential.toJSON()` writes it: browsers put in more than is read here, each their own. */
const newCredential = z.looseObject({
  id: credentialId,
  rawId: credentialId,
  type: z.literal("public-key"),
  response: z.looseObject({
    clientDataJSON,
    attestationObject: base64url(20_000),
    transports: z.array(z.string().max(30)).max(10).optional(),
  }),
});
export type NewCredential = z.output<typeof newCredential>;

export const addPasskeyInput = z.strictObject({
  name: passkeyName.optional().describe("Without it, the browser and system that ask."),
  credential: newCredential,
});
export const renamePasskeyInput = z.strictObject({ name: passkeyName });

export const passkey = z.object({
  id: z.string(),
  name: z.string(),
  backed_up: z.boolean().describe("Whether it is on more than one device, or kept by a password manager."),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable(),
});
export type Passkey = z.output<typeof passkey>;
export const passkeyList = z.object({ data: z.array(passkey), next_cursor: z.null() });

/** What `navigator.credentials.get()` takes, as JSON. */
export const requestOptions = z.object({
  challenge: z.string(),
  rpId: z.string(),
  timeout: z.number().int(),
  allowCredentials: z.array(z.never()).describe("Empty: the browser offers what it has."),
  userVerification: z.literal("required"),
});

/** What it gives, as `PublicKeyCredential.toJSON()` writes it; as above. */
export const passkeySignInInput = z.looseObject({
  id: credentialId,
  rawId: credentialId,
  type: z.literal("public-key"),
  response: z.looseObject({
    clientDataJSON,
    authenticatorData: base64url(4_000),
    signature: base64url(2_000),
    userHandle: base64url(100).describe("Whose passkey it is."),
  }),
});
export type Assertion = z.output<typeof passkeySignInInput>;
