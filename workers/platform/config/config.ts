import { z } from "zod";
import { parseLimits } from "../limits/rate-limits.ts";
import { howToMake, parseMasterKeys } from "../secrets/master-keys.ts";
import { billingShape } from "./config-billing.ts";
import { ldapShape, refineLdap } from "./config-ldap.ts";
import { modelsShape, refineModels } from "./config-models.ts";
import { refinePolicy } from "./config-policy.ts";
import { refineSignIn } from "./config-sign-in.ts";
import { refineStripe, stripeShape } from "./config-stripe.ts";
import { refineTracing, tracingShape } from "./config-tracing.ts";
import { address, hosts, optional } from "./config-values.ts";

/** Secrets that people paste from tutorials, and runs of one character, are as good as none. */
function isWeak(secret: string): boolean {
  return new Set(secret).size < 12 || /^(change|your|secret|password|example)/i.test(secret);
}

/** What scrypt's N is where nothing else is set: OWASP's, with r = 8 and p = 5. */
export const standardScryptCost = 2 ** 14;

/** A list parted by commas or spaces. */
const origins = optional.transform((value, context) =>
  (value?.split(/[\s,]+/) ?? []).flatMap((each) => {
    const url = URL.parse(each);
    if (url && url.origin !== "null") return [url.origin];
    context.addIssue({
      code: "custom",
      message: `must list origins such as http://127.0.0.1:8080, and “${each}” is none`,
    });
    return [];
  }),
);

const schema = z
  .object({
    ENVIRONMENT: z.enum(["development", "production"]).default("development"),
    AUTH_SECRET: z
      .string({
        error: "is not set. Set it to at least 32 random characters, for example from: openssl rand -base64 48",
      })
      .min(32, "is too short. Set it to at least 32 random characters, for example from: openssl rand -base64 48")
      .refine((secret) => !isWeak(secret), "is too easy to guess. Set it to the output of: openssl rand -base64 48"),
    MASTER_KEYS: z.string({ error: `is not set. ${howToMake}` }).transform((text, context) => {
      const parsed = parseMasterKeys(text);
      if ("keys" in parsed) return parsed.keys;
      context.addIssue({ code: "custom", message: `${parsed.wrong}. ${howToMake}` });
      return z.NEVER;
    }),
    SCRYPT_COST: z.coerce
      .number("must be a power of two from 2 to 32768")
      .refine(
        (cost) => cost >= 2 && cost <= 2 ** 15 && Number.isInteger(Math.log2(cost)),
        "must be a power of two from 2 to 32768",
      )
      .default(standardScryptCost),
    APP_URL: address,
    ALLOWED_HOSTS: hosts,
    ...modelsShape,
    SYSTEM_PROMPT: optional.pipe(z.string().max(8_000, "is too long. Use at most 8,000 characters.").optional()),
    DEMO_CLONE_SLUG: optional,
    DNS_OVER_HTTPS_URL: address.pipe(z.string().default("https://cloudflare-dns.com/dns-query")),
    FETCH_EXEMPT_ORIGINS: origins,
    CORS_ORIGINS: origins,
    RATE_LIMITS: z
      .string()
      .trim()
      .default("on")
      .transform((text, context) => {
        const limits = parseLimits(text);
        if (limits) return limits;
        const message = "must be “on”, “off”, or changes of the limits such as upload=200/hour, chat=120/minute";
        context.addIssue({ code: "custom", message });
        return z.NEVER;
      }),
    MAX_UPLOAD_BYTES: z.coerce.number().int().positive().max(100_000_000).default(50_000_000),
    TERMS_URL: address,
    PRIVACY_URL: address,
    POLICY_VERSION: optional.pipe(z.string().max(40, "is too long. Use at most 40 characters.").optional()),
    LOG: z.enum(["info", "quiet"]).default("info"),
    MAIL_API_URL: address,
    MAIL_API_KEY: optional,
    MAIL_FROM: optional,
    GOOGLE_CLIENT_ID: optional,
    GOOGLE_CLIENT_SECRET: optional,
    GOOGLE_ISSUER: address.pipe(z.string().default("https://accounts.google.com")),
    GITHUB_CLIENT_ID: optional,
    GITHUB_CLIENT_SECRET: optional,
    GITHUB_URL: address.pipe(z.string().default("https://github.com")),
    GITHUB_API_URL: address.pipe(z.string().default("https://api.github.com")),
    OIDC_ISSUER: address,
    OIDC_CLIENT_ID: optional,
    OIDC_CLIENT_SECRET: optional,
    OIDC_NAME: optional.pipe(z.string().max(40, "is too long. Use at most 40 characters.").default("single sign-on")),
    ...ldapShape,
    ...tracingShape,
    ...billingShape,
    ...stripeShape,
  })
  .superRefine(refineSignIn)
  .superRefine(refineLdap)
  .superRefine(refineModels)
  .superRefine(refinePolicy)
  .superRefine(refineTracing)
  .superRefine(refineStripe)
  .superRefine((value, context) => {
    if (!value.MAIL_API_URL) return;
    const missing = (path: keyof typeof value, message: string) =>
      value[path] === undefined && context.addIssue({ code: "custom", path: [path], message });
    missing("MAIL_API_KEY", "is not set. MAIL_API_URL needs the e-mail service’s key.");
    missing("MAIL_FROM", "is not set. MAIL_API_URL needs a sender such as: Understudy <hello@example.com>");
    if (value.ENVIRONMENT === "production")
      missing("APP_URL", "is not set. Links in mails need this installation’s address.");
  })
  .refine((value) => !(value.ENVIRONMENT === "production" && value.RATE_LIMITS === "off"), {
    path: ["RATE_LIMITS"],
    message: "cannot be off in production. Remove it.",
  })
  .refine((value) => !(value.ENVIRONMENT === "production" && value.SCRYPT_COST < standardScryptCost), {
    path: ["SCRYPT_COST"],
    message: `cannot be less than ${standardScryptCost} in production: stolen hashes could be guessed. Remove it.`,
  })
  .refine((value) => !(value.ENVIRONMENT === "production" && value.FETCH_EXEMPT_ORIGINS.length > 0), {
    path: ["FETCH_EXEMPT_ORIGINS"],
    message: "cannot be set in production: it lets people reach the network that the Worker runs in. Remove it.",
  });

export type Config = z.output<typeof schema>;

/** The variables that may be handed in through the environment of `npm start` or `.dev.vars`. */
export const configKeys = Object.keys(schema.shape) as (keyof Config)[];

/** Thrown when the configuration is missing or weak; `message` says, a line a variable, what to set. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/** Reads the configuration once, from a Worker's `env` or a process's. Throws `ConfigError`. */
export function parseConfig(source: object): Config {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("\n"));
}
