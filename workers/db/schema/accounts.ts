import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

const time = (name: string) => integer(name, { mode: "timestamp_ms" });

export const users = sqliteTable("users", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  emailVerified: integer("email_verified", { mode: "boolean" }).notNull().default(false),
  image: text("image"),
  /** Milliseconds; a suspended person is out everywhere, by session and by key. */
  suspendedAt: integer("suspended_at"),
  createdAt: time("created_at").notNull(),
  updatedAt: time("updated_at").notNull(),
  /** `super_admin` runs the installation. Nothing in the API sets it: docs/workspaces.md says what does. */
  platformRole: text("platform_role", { enum: ["super_admin"] }),
});

export const sessions = sqliteTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    token: text("token").notNull().unique(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    expiresAt: time("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    /** Milliseconds, written at most once a minute. */
    lastUsedAt: integer("last_used_at"),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("sessions_user").on(table.userId)],
);

/** What people agreed to. Rows are only ever added, and go with their person. */
export const consents = sqliteTable(
  "consents",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    version: text("version").notNull(),
    /** Where it could be read then. */
    termsUrl: text("terms_url").notNull(),
    privacyUrl: text("privacy_url").notNull(),
    address: text("address"),
    agent: text("agent"),
    /** Milliseconds. */
    createdAt: integer("created_at").notNull(),
  },
  (table) => [uniqueIndex("consents_version").on(table.userId, table.version)],
);

export const accounts = sqliteTable(
  "accounts",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: time("access_token_expires_at"),
    refreshTokenExpiresAt: time("refresh_token_expires_at"),
    scope: text("scope"),
    password: text("password"),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [
    index("accounts_user").on(table.userId),
    index("accounts_provider").on(table.providerId, table.accountId),
  ],
);

export const verifications = sqliteTable(
  "verifications",
  {
    id: text("id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: time("expires_at").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (table) => [index("verifications_identifier").on(table.identifier)],
);

/** Keys for programs, acting for a person in one workspace. Only a hash is kept: the key itself is shown once. */
export const apiKeys = sqliteTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    workspaceId: text("workspace_id").notNull(),
    name: text("name").notNull(),
    /** SHA-256 in hex. The key has 256 random bits, so nothing slower is needed. */
    hash: text("hash").notNull().unique(),
    /** The key's first characters, by which its owner tells it from others. */
    preview: text("preview").notNull(),
    scopes: text("scopes", { mode: "json" }).$type<string[]>().notNull(),
    expiresAt: integer("expires_at"),
    /** Written at most once a minute. */
    lastUsedAt: integer("last_used_at"),
    revokedAt: integer("revoked_at"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("api_keys_user").on(table.userId, table.createdAt)],
);

/** Tokens that were mailed: for a new password, to confirm an address. A hash only; each is taken once. */
export const oneTimeTokens = sqliteTable(
  "one_time_tokens",
  {
    /** SHA-256 in hex of the purpose and the token. */
    hash: text("hash").primaryKey(),
    purpose: text("purpose").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The address that the token is about. */
    email: text("email").notNull(),
    expiresAt: integer("expires_at").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("one_time_tokens_user").on(table.userId, table.purpose, table.createdAt)],
);

/**
 * Refresh tokens, each with the access token that was given out beside it. A refresh token is used once and names its successor; all
 * that follow from one sign-in belong to its session, and end with it.
 */
export const refreshTokens = sqliteTable(
  "refresh_tokens",
  {
    /** SHA-256 in hex. */
    hash: text("hash").primaryKey(),
    sessionId: text("session_id")
      .notNull()
      .references(() => sessions.id, { onDelete: "cascade" }),
    accessHash: text("access_hash").notNull().unique(),
    accessExpiresAt: integer("access_expires_at").notNull(),
    successorHash: text("successor_hash"),
    usedAt: integer("used_at"),
    /** When its successor was handed out: who comes with it from then on has a copy. */
    answeredAt: integer("answered_at"),
    expiresAt: integer("expires_at").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("refresh_tokens_session").on(table.sessionId)],
);

/** The second factor of a person: a TOTP secret, encrypted. It counts from `confirmedAt` on. */
export const twoFactors = sqliteTable("two_factors", {
  userId: text("user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  secret: text("secret").notNull(),
  /** The last time step whose code was taken: an equal or older one is refused. */
  lastStep: integer("last_step").notNull().default(0),
  confirmedAt: integer("confirmed_at"),
  createdAt: integer("created_at").notNull(),
});

/** Codes for who lost their authenticator: a hash only, each taken once. */
export const recoveryCodes = sqliteTable(
  "recovery_codes",
  {
    /** SHA-256 in hex of the person and the code. */
    hash: text("hash").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    usedAt: integer("used_at"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("recovery_codes_user").on(table.userId)],
);

/** Passkeys (WebAuthn): the public half of a key pair whose other half never leaves a person's device or password manager. */
export const passkeys = sqliteTable(
  "passkeys",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** As the authenticator made it, in base64url. */
    credentialId: text("credential_id").notNull().unique(),
    /** A COSE key, in base64url. */
    publicKey: text("public_key").notNull(),
    /** How often it has signed, as the authenticator counts; zero for ever where it does not. */
    counter: integer("counter").notNull(),
    /** Whether it may be copied to other devices at all. */
    deviceType: text("device_type", { enum: ["singleDevice", "multiDevice"] }).notNull(),
    /** Whether it is. */
    backedUp: integer("backed_up", { mode: "boolean" }).notNull(),
    transports: text("transports", { mode: "json" }).$type<string[]>().notNull(),
    /** The make of the authenticator, as it says itself. */
    aaguid: text("aaguid").notNull(),
    createdAt: integer("created_at").notNull(),
    lastUsedAt: integer("last_used_at"),
  },
  (table) => [index("passkeys_user").on(table.userId, table.createdAt)],
);

/** Guesses that were let through, for an hour: more than a few make whoever guesses wait. */
export const signInAttempts = sqliteTable(
  "sign_in_attempts",
  {
    id: text("id").primaryKey(),
    /** What is guessed at, and from what kind of device; no address stands in it. */
    subject: text("subject").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    index("sign_in_attempts_subject").on(table.subject, table.createdAt),
    index("sign_in_attempts_time").on(table.createdAt),
  ],
);

/** What a development server would have mailed; written and read by `workers/platform/mail/mail-outbox.ts`. */
export const outboxMails = sqliteTable(
  "outbox_mails",
  {
    id: text("id").primaryKey(),
    recipient: text("recipient").notNull(),
    subject: text("subject").notNull(),
    text: text("text").notNull(),
    html: text("html").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("outbox_mails_recipient").on(table.recipient, table.createdAt)],
);

/** SAML assertions that were accepted: none is a second time. Kept until they would be refused for their age. */
export const samlAssertions = sqliteTable(
  "saml_assertions",
  {
    /** SHA-256 in hex of the connection and the assertion's ID. */
    hash: text("hash").primaryKey(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [index("saml_assertions_expiry").on(table.expiresAt)],
);
