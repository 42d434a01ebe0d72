import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, inject } from "vitest";
import { ldapBase, ldapPassword, ldapSearch } from "../../../scripts/stand-ins/ldap/ldap-people.ts";
import { api } from "../../api.ts";
import { eventually } from "../../testing/eventually.ts";

/** OpenLDAP's server; where the machine has none, what needs it is skipped, as the start of the run says loudly. */
export const ldap = inject("ldap");

export type LdapVariables = Record<
  `LDAP_${string}` | "RATE_LIMITS" | "TERMS_URL" | "PRIVACY_URL" | "POLICY_VERSION",
  string
>;

/** The installation with the directory set up, but for what `changes` says. */
export const withLdap = (changes: Partial<LdapVariables> = {}) =>
  ({
    ...env,
    LDAP_URL: ldap?.url ?? "ldap://127.0.0.1:1",
    LDAP_BASE_DN: ldapBase,
    LDAP_BIND_DN: ldapSearch.dn,
    LDAP_BIND_PASSWORD: ldapSearch.password,
    ...changes,
  }) as Env;

/** What an anonymous search finds. */
export const anybody = { LDAP_BIND_DN: "", LDAP_BIND_PASSWORD: "" };

/** Sends a name and a password. */
export async function enter(
  username: string,
  password = ldapPassword,
  {
    changes = {},
    headers = {},
    more = {},
  }: { changes?: Partial<LdapVariables>; headers?: Record<string, string>; more?: object } = {},
): Promise<Response> {
  const request = new Request("http://localhost:8787/api/v1/auth/ldap", {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: "http://localhost:8787", ...headers },
    body: JSON.stringify({ username, password, ...more }),
  });
  return api.fetch(request, withLdap(changes), createExecutionContext());
}

/** What a refused sign-in says, without what differs from one to the next. */
export async function refusalOf(response: Response) {
  const body = (await response.json()) as { status: number; code: string; detail: string; errors?: unknown };
  expect(response.headers.getSetCookie()).toEqual([]);
  return { status: body.status, code: body.code, detail: body.detail, errors: body.errors };
}

/** All that the server has logged so far of its connections, binds and searches. */
const logged = async () => (await (await fetch(ldap?.log ?? "")).text()).split("\n");

/** What the server logged of the connections that `work` opened, once they are closed. */
export async function logOf(work: () => Promise<unknown>): Promise<string[]> {
  const opened = (lines: string[]) => lines.flatMap((line) => / (conn=\d+) fd=\d+ ACCEPT /.exec(line)?.[1] ?? []);
  const before = new Set(opened(await logged()));
  await work();
  return eventually(async () => {
    const lines = await logged();
    const mine = opened(lines).filter((each) => !before.has(each));
    const closed = mine.filter((each) =>
      lines.some((line) => line.includes(`${each} `) && / fd=\d+ closed/.test(line)),
    );
    expect(closed, "closed connections").toEqual(mine);
    return lines.filter((line) => mine.some((each) => line.includes(`${each} `)));
  });
}
