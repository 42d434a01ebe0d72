import { readCertificate, readMetadata } from "../../accounts/saml/saml-metadata.ts";
import { SamlError } from "../../accounts/saml/saml-xml.ts";
import { isProblem, Problem, refusedField } from "../../platform/errors.ts";
import { checkUrl, fetchPolicy } from "../../platform/fetch/guarded-fetch.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { type SecretPlace, sealSecret } from "../../platform/secrets/secret-box.ts";
import type { ConnectionChanges } from "../sso-contract.ts";
import type { ConnectionRow } from "./queries.ts";

type Settings = Pick<ConnectionRow, "issuer" | "clientId" | "box" | "entityId" | "ssoUrl" | "certificates">;

const patienceMs = 5_000;

export const noSettings: Settings = {
  issuer: null,
  clientId: null,
  box: null,
  entityId: null,
  ssoUrl: null,
  certificates: null,
};

/** What the client secret's box is bound to. */
export const placeOf = (id: string): SecretPlace => ({ table: "sso_connections", row: id, column: "box" });

function refuse(path: string, message: string): never {
  throw refusedField(path, message);
}

/** Requires fields to be there together, or none of them. */
function demandWhole(fields: Record<string, unknown>): void {
  const missing = Object.keys(fields).filter((name) => fields[name] === null);
  if (missing.length === 0 || missing.length === Object.keys(fields).length) return;
  const errors = missing.map((path) => ({ path, message: "This belongs to the other settings. Enter it too." }));
  throw new Problem("validation_failed", `${missing.join(", ")}: enter all settings of the provider, or none.`, {
    errors,
  });
}

/** Refuses an issuer that leads inside; it is checked again at every call. */
async function demandPublic({ env, config }: Runtime, issuer: string): Promise<void> {
  const url = new URL(issuer);
  if (url.search || url.hash) refuse("issuer", "An issuer has neither “?” nor “#” in it.");
  try {
    await checkUrl(fetchPolicy(env, config), url, AbortSignal.timeout(patienceMs));
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw new Problem(error.code, error.message, {
      errors: [{ path: "issuer", message: error.message }],
      cause: error,
    });
  }
}

async function oidcSettings(
  runtime: Runtime,
  { id, ...was }: Settings & { id: string },
  changes: ConnectionChanges,
): Promise<Settings> {
  const secret = changes.client_secret;
  const issuer = changes.issuer ?? was.issuer;
  const clientId = changes.client_id ?? was.clientId;
  const isMoved = was.issuer !== null && issuer !== was.issuer;
  // Whoever may change the issuer must not get the secret sent to one of their own.
  if (isMoved && secret === undefined)
    refuse("client_secret", "Enter the client secret too: the old one is not sent to another issuer.");
  if (issuer !== null && issuer !== was.issuer) await demandPublic(runtime, issuer);
  const box = secret === undefined ? was.box : await sealSecret(runtime.config, placeOf(id), secret);
  demandWhole({ issuer, client_id: clientId, client_secret: box });
  return { ...was, issuer, clientId, box };
}

/** Reads what an administrator has pasted; what is wrong with it is told at its field. */
async function pasted<T>(path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SamlError) refuse(path, error.message);
    throw error;
  }
}

async function samlSettings({ config }: Runtime, was: Settings, changes: ConnectionChanges): Promise<Settings> {
  const { metadata, certificates: pems } = changes;
  const described = metadata === undefined ? null : await pasted("metadata", () => readMetadata(metadata));
  const read = pems && (await pasted("certificates", () => [...new Set(pems.map(readCertificate))]));
  const entityId = changes.entity_id ?? described?.entityId ?? was.entityId;
  const ssoUrl = changes.sso_url ?? described?.ssoUrl ?? was.ssoUrl;
  const certificates = read ?? described?.certificates ?? was.certificates;
  if (ssoUrl !== null) {
    const protocol = URL.parse(ssoUrl)?.protocol ?? "";
    const isTaken = protocol === "https:" || (protocol === "http:" && config.ENVIRONMENT !== "production");
    if (!isTaken) refuse(changes.sso_url ? "sso_url" : "metadata", "The provider’s address must begin with https://.");
  }
  demandWhole({ entity_id: entityId, sso_url: ssoUrl, certificates });
  return { ...was, entityId, ssoUrl, certificates };
}

const fieldsOf = {
  oidc: ["issuer", "client_id", "client_secret"],
  saml: ["entity_id", "sso_url", "certificates", "metadata"],
} as const;

/** A connection's settings after a change. Throws `validation_failed`, `fetch_refused` and `fetch_failed`, with the fields. */
export async function settle(
  runtime: Runtime,
  was: Settings & Pick<ConnectionRow, "id" | "kind">,
  changes: ConnectionChanges,
): Promise<Settings> {
  const { kind, id, issuer, clientId, box, entityId, ssoUrl, certificates } = was;
  const settings = { issuer, clientId, box, entityId, ssoUrl, certificates };
  const foreign = fieldsOf[kind === "oidc" ? "saml" : "oidc"].find((name) => changes[name] !== undefined);
  if (foreign) refuse(foreign, `A connection by ${kind === "oidc" ? "OpenID Connect" : "SAML"} has no ${foreign}.`);
  return kind === "oidc"
    ? oidcSettings(runtime, { ...settings, id }, changes)
    : samlSettings(runtime, settings, changes);
}

/** Whether a connection's settings are whole. */
export const isReady = ({ kind, box, certificates }: ConnectionRow) =>
  kind === "oidc" ? box !== null : certificates !== null;
