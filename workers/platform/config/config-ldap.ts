import { z } from "zod";
import { optional } from "./config-values.ts";

const attribute = /^[A-Za-z][\w-]{0,99}$/;
const attributeOr = (fallback: string) =>
  optional.pipe(z.string().regex(attribute, "must be the name of one attribute, such as mail").default(fallback));

const rdn = String.raw`[A-Za-z\d][\w.-]*\s*=(?:\\.|[^,\\])+`;
/** Every part of a distinguished name says of what kind it is; directories judge the rest. */
const dn = optional.pipe(
  z
    .string()
    .regex(new RegExp(`^${rdn}(?:,\\s*${rdn})*$`), "must be a distinguished name such as dc=example,dc=org")
    .optional(),
);

/** An item of a filter (RFC 4515): an attribute, perhaps with a matching rule, and a value without bare parentheses. */
const item = String.raw`[A-Za-z][\w-]*(?:[~<>]?|(?::dn)?(?::[\w.-]+)?:)=(?:[^()\\\0]|\\[\da-fA-F]{2})*`;
const complete = new RegExp(String.raw`\((?:${item}|[&|]\0+|!\0)\)`, "g");

/** Whether a text is one filter: what is complete is taken for a mark, from the inside out, until nothing else is left. */
export function isFilter(text: string): boolean {
  if (text.includes("\0")) return false;
  for (let rest = text, before = ""; rest !== before; ) {
    before = rest;
    rest = rest.replace(complete, "\0");
    if (rest === "\0") return true;
  }
  return false;
}

/** The variables of sign-in by a directory. */
export const ldapShape = {
  LDAP_URL: optional,
  LDAP_STARTTLS: z.enum(["on", "off"], "must be “on” or “off”").default("off"),
  LDAP_NAME: optional.pipe(z.string().max(40, "is too long. Use at most 40 characters.").default("LDAP")),
  LDAP_BIND_DN: dn,
  /** As it is, as blanks may belong to it. */
  LDAP_BIND_PASSWORD: z
    .string()
    .transform((value) => (value === "" ? undefined : value))
    .optional(),
  LDAP_BASE_DN: dn,
  LDAP_FILTER: optional.pipe(
    z
      .string()
      .max(2_000, "is too long. Use at most 2,000 characters.")
      .refine((text) => text.includes("{username}"), "must contain {username}, where the name is put that people enter")
      .refine(isFilter, "must be a filter such as (&(objectClass=person)(uid={username}))")
      .default("(&(objectClass=person)(|(uid={username})(mail={username})(sAMAccountName={username})))"),
  ),
  LDAP_ID_ATTRIBUTE: attributeOr("entryUUID"),
  LDAP_MAIL_ATTRIBUTE: attributeOr("mail"),
  LDAP_NAME_ATTRIBUTE: attributeOr("displayName"),
  LDAP_REQUIRED_GROUP: dn,
};

interface LdapSettings {
  ENVIRONMENT: string;
  LDAP_URL?: string | undefined;
  LDAP_STARTTLS: "on" | "off";
  LDAP_BIND_DN?: string | undefined;
  LDAP_BIND_PASSWORD?: string | undefined;
  LDAP_BASE_DN?: string | undefined;
  LDAP_REQUIRED_GROUP?: string | undefined;
}

/** A directory is set up as a whole, and in production nobody between can read the passwords. */
export function refineLdap(value: LdapSettings, context: z.RefinementCtx): void {
  const issue = (path: keyof LdapSettings, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  const { LDAP_URL, LDAP_STARTTLS } = value;
  if (LDAP_URL === undefined) {
    for (const name of ["LDAP_BASE_DN", "LDAP_BIND_DN", "LDAP_BIND_PASSWORD", "LDAP_REQUIRED_GROUP"] as const)
      if (value[name] !== undefined) issue(name, "is set, but LDAP_URL is not. Set both or none.");
    if (LDAP_STARTTLS === "on") issue("LDAP_STARTTLS", "is on, but LDAP_URL is not set.");
    return;
  }
  if (value.LDAP_BASE_DN === undefined)
    issue("LDAP_BASE_DN", "is not set. LDAP_URL needs the entry below which people are, such as dc=example,dc=org");
  if (value.LDAP_BIND_DN === undefined && value.LDAP_BIND_PASSWORD !== undefined)
    issue("LDAP_BIND_DN", "is not set. It belongs to LDAP_BIND_PASSWORD; without both the search is anonymous.");
  if (value.LDAP_BIND_DN !== undefined && value.LDAP_BIND_PASSWORD === undefined)
    issue("LDAP_BIND_PASSWORD", "is not set. It belongs to LDAP_BIND_DN; without both the search is anonymous.");
  const url = URL.parse(LDAP_URL);
  if (!url || !/^ldaps?:\/\/[^/?#@]+\/?$/i.test(LDAP_URL) || url.hostname === "" || url.port === "0")
    issue(
      "LDAP_URL",
      "must be an address such as ldaps://directory.example.org, with its port where it is not the usual",
    );
  else if (url.protocol === "ldaps:" && LDAP_STARTTLS === "on")
    issue("LDAP_STARTTLS", "is for ldap:// only: ldaps:// is encrypted from the beginning. Remove it.");
  else if (value.ENVIRONMENT === "production" && url.protocol !== "ldaps:" && LDAP_STARTTLS === "off")
    issue("LDAP_URL", "must begin with ldaps:// in production, or LDAP_STARTTLS must be on.");
}
