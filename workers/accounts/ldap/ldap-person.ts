import { AndFilter, EqualityFilter, Filter, FilterParser, type SearchEntry } from "ldapts";
import type { Identity } from "../providers/oauth-identity.ts";
import type { LdapConnection } from "./ldap-connection.ts";
import type { Directory } from "./ldap-directory.ts";
import { DirectoryError } from "./ldap-error.ts";

/** Somebody whom the directory has. */
export interface DirectoryPerson {
  dn: string;
  identity: Identity;
  /** Whether they are in the group that may sign in; true where any may. */
  isAdmitted: boolean;
}

const codes = { success: 0, sizeLimitExceeded: 4 };
/** What a bind is refused with on the person's account: locked, without a password, unknown, wrong, without the right, unwilling. */
const refusals = [19, 32, 48, 49, 50, 53];
/** Attributes of directories that are bytes and no text. */
const binary = ["objectguid", "objectsid", "ms-ds-consistencyguid", "guid"];

/** Binds as who searches. Throws `DirectoryError` where the settings are wrong. */
export async function bindSearcher(ldap: LdapConnection, { search }: Directory): Promise<void> {
  if (!search) return;
  const { code, message } = await ldap.bind(search.dn, search.password);
  if (code !== codes.success) throw new DirectoryError(`The directory refused LDAP_BIND_DN with ${code}: ${message}`);
}

/** The only entry that a name fits; null for none, "several" for more. Throws `DirectoryError`. */
export async function findPerson(
  ldap: LdapConnection,
  directory: Directory,
  username: string,
): Promise<DirectoryPerson | "several" | null> {
  const { attributes: names, base, requiredGroup } = directory;
  // A function, as a text would be read for patterns such as $&.
  const filter = FilterParser.parseString(directory.filter.replaceAll("{username}", () => Filter.escape(username)));
  const attributes = [names.id, names.mail, names.name, "cn"];
  const { entries, code, message } = await ldap.search(base, { filter, attributes });
  if (entries.length < 2 && code !== codes.success && code !== codes.sizeLimitExceeded)
    throw new DirectoryError(`The directory refused the search with ${code}: ${message}`);
  const members = requiredGroup === null ? null : await namesOfMembers(ldap, base, filter, requiredGroup);
  if (entries.length > 1 || code === codes.sizeLimitExceeded) return "several";
  const entry = entries[0];
  if (!entry) return null;
  return { dn: entry.name, identity: identityOf(entry, directory), isAdmitted: members?.includes(entry.name) ?? true };
}

/**
 * Which of the entries are in a group. Asked of the directory, as it alone knows when two names of a group are the same; and of the
 * base, so that it takes as long where there is no entry.
 */
async function namesOfMembers(ldap: LdapConnection, base: string, filter: Filter, group: string): Promise<string[]> {
  const membership = new EqualityFilter({ attribute: "memberOf", value: group });
  const both = new AndFilter({ filters: [filter, membership] });
  const { entries, code, message } = await ldap.search(base, { filter: both, attributes: ["1.1"] });
  if (code !== codes.success && code !== codes.sizeLimitExceeded)
    throw new DirectoryError(`The directory refused LDAP_REQUIRED_GROUP with ${code}: ${message}`);
  return entries.map(({ name }) => name);
}

function identityOf(entry: SearchEntry, { attributes }: Directory): Identity {
  const valuesOf = (name: string) =>
    entry.attributes.find(({ type }) => type.toLowerCase() === name.toLowerCase())?.parsedBuffers ?? [];
  const first = (name: string) => valuesOf(name)[0]?.toString("utf8").trim() || undefined;
  const [id, another] = valuesOf(attributes.id);
  if (!id?.length || another || id.length > 500)
    throw new DirectoryError(`The directory tells no single ${attributes.id} of ${entry.name}: see LDAP_ID_ATTRIBUTE`);
  const isBinary = binary.includes(attributes.id.toLowerCase());
  return {
    subject: id.toString(isBinary ? "hex" : "utf8"),
    email: first(attributes.mail),
    // The directory is believed: whoever runs it says whose address it is.
    emailVerified: true,
    name: first(attributes.name) ?? first("cn"),
  };
}

/** Whether a password is that of an entry. Takes as long where there is no entry. Throws `DirectoryError`. */
export async function isPasswordOf(
  ldap: LdapConnection,
  { base }: Directory,
  person: DirectoryPerson | null,
  password: string,
): Promise<boolean> {
  const { code, message } = await ldap.bind(person?.dn ?? `cn=${crypto.randomUUID()},${base}`, password);
  if (person && code === codes.success) return true;
  if (code === codes.success || refusals.includes(code)) return false;
  throw new DirectoryError(`The directory refused the bind with ${code}: ${message}`);
}
