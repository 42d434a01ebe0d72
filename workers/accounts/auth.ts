import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { betterAuth } from "better-auth/minimal";
import { bearer } from "better-auth/plugins/bearer";
import { schema } from "../db/client.ts";
import { publicUrl } from "../platform/http/public-url.ts";
import { cookieName } from "../platform/http/security-headers.ts";
import { newId } from "../platform/ids.ts";
import type { Runtime } from "../platform/runtime.ts";
import { hashPassword, verifyPassword } from "./password/passwords.ts";
import { sessionLifetime } from "./session/tokens.ts";

const day = 24 * 60 * 60;
const idKinds: Record<string, "user" | "session" | "account"> = {
  user: "user",
  session: "session",
  account: "account",
};

function createAuth({ db, config }: Runtime) {
  return betterAuth({
    baseURL: publicUrl(config),
    secret: config.AUTH_SECRET,
    database: drizzleAdapter(db, { provider: "sqlite", schema, usePlural: true }),
    // A session's cookie may also be sent as a bearer; the bare token, as it stands in the database, may not.
    plugins: [bearer({ requireSignature: true })],
    user: { additionalFields: { suspendedAt: { type: "number", required: false, input: false } } },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 12,
      maxPasswordLength: 128,
      password: { hash: (password) => hashPassword(password, config.SCRYPT_COST), verify: verifyPassword },
    },
    session: {
      expiresIn: sessionLifetime,
      updateAge: day,
      additionalFields: { lastUsedAt: { type: "number", required: false, input: false } },
    },
    // Our own routes stand in front, with their own limits and their own check of the Origin header.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    advanced: {
      cookiePrefix: cookieName(config, "understudy"),
      // The library would add a weaker prefix of its own.
      useSecureCookies: false,
      defaultCookieAttributes: { secure: config.ENVIRONMENT === "production" },
      // Any other header says what its sender wants it to say.
      ipAddress: { ipAddressHeaders: ["cf-connecting-ip"] },
      database: { joins: true, generateId: ({ model }) => newId(idKinds[model] ?? "account") },
    },
  });
}

type Auth = ReturnType<typeof createAuth>;
const instances = new WeakMap<object, Auth>();

/** The account library on this Worker's database, made once for an `env`. It is reached only through this room's verbs. */
export function auth(runtime: Runtime): Auth {
  let instance = instances.get(runtime.env);
  if (!instance) {
    instance = createAuth(runtime);
    instances.set(runtime.env, instance);
  }
  return instance;
}
