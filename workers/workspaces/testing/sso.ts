import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, inject } from "vitest";
import type { MadeResponse, SamlPerson } from "../../../scripts/stand-ins/saml-server.ts";
import { locationOf, newBrowser } from "../../accounts/testing/oauth.ts";
import { api } from "../../api.ts";
import type { WireAuditEvent } from "../../audit/contract.ts";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import type { Connection, SsoDomain } from "../sso-contract.ts";
import { makeWorkspace } from "./teams.ts";

const base = "http://localhost:8787";
export const saml = inject("saml");
type Person = Awaited<ReturnType<typeof signUp>>;
type Browser = ReturnType<typeof newBrowser>;

/** Puts texts into DNS, in the place of those before. */
export async function putTexts(domain: string, ...texts: string[]): Promise<void> {
  const url = new URL("/dns-texts", inject("web").url);
  url.searchParams.set("name", domain);
  await fetch(url, { method: "POST", body: JSON.stringify(texts) });
}

/** Somebody's shared workspace, and its single sign-on. */
export interface Team {
  ada: Person;
  workspace: string;
  connection: Connection;
  domain: string;
  path: string;
}

export async function addDomain({ ada, path }: Pick<Team, "ada" | "path">, domain: string): Promise<SsoDomain> {
  const added = await call("POST", `${path}/domains`, { token: ada.token, json: { domain } });
  return jsonOf<SsoDomain>(added, 201);
}

export const verify = ({ ada, path }: Pick<Team, "ada" | "path">, { id }: Pick<SsoDomain, "id">) =>
  call("POST", `${path}/domains/${id}/verification`, { token: ada.token });

/** Adds a domain whose record is in DNS. */
export async function addVerified(team: Pick<Team, "ada" | "path">, domain: string): Promise<SsoDomain> {
  const added = await addDomain(team, domain);
  await putTexts(domain, "v=spf1 -all", added.record.value);
  return jsonOf<SsoDomain>(await verify(team, added), 200);
}

/** A shared workspace with a connection, whose domain is verified. */
export async function teamWith(
  json: Record<string, unknown>,
  { domain = "acme.example", ada }: { domain?: string; ada?: Person } = {},
): Promise<Team> {
  const owner = ada ?? (await signUp("Ada"));
  const workspace = await makeWorkspace(owner, "Acme");
  const made = await call("POST", `/api/v1/workspaces/${workspace}/sso`, {
    token: owner.token,
    json: { name: "Acme ID", ...json },
  });
  const connection = await jsonOf<Connection>(made, 201);
  const path = `/api/v1/workspaces/${workspace}/sso/${connection.id}`;
  const team = { ada: owner, workspace, connection, domain, path };
  await addVerified(team, domain);
  return team;
}

export const samlSettings = {
  kind: "saml",
  entity_id: saml.entityId,
  sso_url: `${saml.url}/sso`,
  certificates: [saml.certificate],
};
export const samlTeam = (options?: Parameters<typeof teamWith>[1], json: object = {}) =>
  teamWith({ ...samlSettings, ...json }, options);

/** A workspace whose connection is registered at the server of OpenID Connect. */
export async function oidcTeam(options?: Parameters<typeof teamWith>[1]): Promise<Team> {
  const team = await teamWith({ kind: "oidc" }, options);
  const issuer = inject("signIn").OIDC_ISSUER;
  const registration = await fetch(`${issuer}/reg`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ redirect_uris: [team.connection.service.callback_url] }),
  });
  const { client_id, client_secret } = (await registration.json()) as { client_id: string; client_secret: string };
  const json = { issuer, client_id, client_secret };
  const changed = await call("PATCH", team.path, { token: team.ada.token, json });
  return { ...team, connection: await jsonOf<Connection>(changed, 200) };
}

/** Begins a sign-in in a browser; the provider's address. */
export async function beginSso(
  { connection }: Pick<Team, "connection">,
  browser: Browser,
  to = "/clones",
): Promise<URL> {
  return locationOf(await browser.get(`/api/v1/auth/sso/${connection.id}?${new URLSearchParams({ return_to: to })}`));
}

/** What a provider's page posts. */
export interface Posted {
  SAMLResponse: string;
  RelayState: string;
}

/** What the provider answers a person with, at the address that their browser was sent to. */
export async function samlAnswer(url: URL, person: SamlPerson): Promise<Posted> {
  url.searchParams.set("person", JSON.stringify(person));
  const page = await (await fetch(url)).text();
  const field = (name: string) => new RegExp(`name="${name}"\\s+value="([^"]*)"`).exec(page)?.[1] ?? "";
  return { SAMLResponse: field("SAMLResponse"), RelayState: field("RelayState") };
}

/** Posts to the assertion consumer as the provider's page does: from another site, without our cookies, and with its button. */
export const post = async (
  id: string,
  posted: Partial<Posted>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  api.fetch(
    new Request(`${base}/api/v1/auth/sso/${id}/acs`, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", Origin: saml.url, ...headers },
      body: new URLSearchParams({ ...posted, Submit: "Continue" }).toString(),
    }),
    env,
    createExecutionContext(),
  );

export const pathOf = (response: Response) => {
  const { pathname, search } = locationOf(response);
  return pathname + search;
};

/** A whole sign-in by SAML; what the browser is answered at its end. */
export async function signInBySaml(
  team: Pick<Team, "connection">,
  person: SamlPerson,
  browser = newBrowser(),
  to?: string,
) {
  const posted = await samlAnswer(await beginSso(team, browser, to), person);
  const received = await post(team.connection.id, posted);
  return { browser, posted, response: await browser.get(pathOf(received)) };
}

/** A response that the provider makes as it is told; right in what is not said. */
export async function makeResponse(
  { connection }: Pick<Team, "connection">,
  url: URL | null,
  { person, ...more }: Partial<MadeResponse> & { person: SamlPerson },
): Promise<string> {
  const { entity_id: audience, acs_url: acs } = connection.service;
  const all = { audience, recipient: acs, destination: acs, inResponseTo: url && (await requestIdOf(url)), ...more };
  const made = await fetch(`${saml.url}/make`, { method: "POST", body: JSON.stringify({ person, ...all }) });
  return made.text();
}

/** The request in the address that a browser was sent to. */
export async function requestOf(url: URL): Promise<string> {
  const packed = Buffer.from(url.searchParams.get("SAMLRequest") ?? "", "base64");
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
}
const requestIdOf = async (url: URL) => /ID="([^"]+)"/.exec(await requestOf(url))?.[1] ?? "";

/** Why the browser was sent back to the sign-in page; null where it was sent elsewhere. */
export function problemOf(response: Response): string | null {
  expect(response.status).toBe(303);
  const { pathname, searchParams } = locationOf(response);
  return pathname === "/sign-in" ? searchParams.get("problem") : null;
}

export const me = async (browser: Browser) =>
  jsonOf<{
    user: { id: string; email: string; name: string; email_verified: boolean };
    workspace_id: string;
    workspaces: { id: string; role: string }[];
  }>(await browser.get("/api/v1/me"), 200);

export const count = async (table: string) =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n ?? 0;

/** The events of the workspace's log, oldest first. */
export async function logOf({ ada, workspace }: Pick<Team, "ada" | "workspace">): Promise<WireAuditEvent[]> {
  const headers = { "X-Workspace-Id": workspace };
  const page = await call("GET", "/api/v1/audit?limit=100", { token: ada.token, headers });
  return (await jsonOf<{ data: WireAuditEvent[] }>(page, 200)).data.reverse();
}
/** Why sign-ins came to nothing, as the log has it. */
export const refusalsIn = async (team: Pick<Team, "ada" | "workspace">) =>
  (await logOf(team))
    .filter(({ action }) => action === "sso.refused")
    .map(({ details }) => details.why ?? details.reason);
