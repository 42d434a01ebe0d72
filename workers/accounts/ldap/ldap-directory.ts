import { Problem } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";

/** The directory that people sign in by. */
export interface Directory {
  /** As its button says it. */
  name: string;
  /**
   * Where it is and what people are told apart by. Accounts are stored by it: another directory in the settings, or another attribute,
   * must not find the people of the one before.
   */
  authority: string;
  hostname: string;
  port: number;
  transport: "on" | "starttls" | "off";
  /** Who searches; null for anybody. */
  search: { dn: string; password: string } | null;
  base: string;
  /** With `{username}`, as RFC 4515 writes filters. */
  filter: string;
  attributes: { id: string; mail: string; name: string };
  requiredGroup: string | null;
}

/** The directory that is set up, or null. */
export function directoryOf({ config }: Pick<Runtime, "config">): Directory | null {
  const { LDAP_URL, LDAP_BASE_DN: base, LDAP_ID_ATTRIBUTE: id } = config;
  const url = LDAP_URL && URL.parse(LDAP_URL);
  if (!url || !base) return null;
  const isSecure = url.protocol === "ldaps:";
  const hostname = url.hostname.toLowerCase();
  return {
    name: config.LDAP_NAME,
    authority: `ldap://${hostname}/${base}?${id}`.toLowerCase(),
    hostname,
    port: Number(url.port) || (isSecure ? 636 : 389),
    transport: isSecure ? "on" : config.LDAP_STARTTLS === "on" ? "starttls" : "off",
    search:
      config.LDAP_BIND_DN && config.LDAP_BIND_PASSWORD
        ? { dn: config.LDAP_BIND_DN, password: config.LDAP_BIND_PASSWORD }
        : null,
    base,
    filter: config.LDAP_FILTER,
    attributes: { id, mail: config.LDAP_MAIL_ATTRIBUTE, name: config.LDAP_NAME_ATTRIBUTE },
    requiredGroup: config.LDAP_REQUIRED_GROUP ?? null,
  };
}

/** The directory that is set up. Throws `not_found`. */
export function requireDirectory(runtime: Runtime): Directory {
  const directory = directoryOf(runtime);
  if (!directory)
    throw new Problem("not_found", "This installation has no directory to sign in by. /sign-in shows what it has.");
  return directory;
}
