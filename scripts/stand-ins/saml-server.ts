import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import samlp from "samlp";
import { selfSigned } from "./certificate.ts";

/** Who signs in, as a provider of SAML has them. */
export interface SamlPerson {
  /** Its NameID. */
  id: string;
  email?: string;
  name?: string;
  /** The format of the NameID. */
  format?: string;
}

/** What a response is made of, for tests that want a wrong one. */
export interface MadeResponse extends Record<string, unknown> {
  person: SamlPerson;
  /** Whose key signs: the provider's own, or one that nobody knows. */
  signedBy?: "own" | "other";
}

export interface SamlServer {
  url: string;
  /** What it calls itself. */
  entityId: string;
  certificate: string;
  /** That of the key which nobody knows. */
  otherCertificate: string;
  /** For a key of 1,024 bits. */
  weakCertificate: string;
  close(): Promise<void>;
}

const form = `<!doctype html><html lang="en"><title>Provider</title><link rel="icon" href="data:,"><h1>Provider</h1><form method="get"><label>Who are you? <input name="person"></label>{hidden}<button>Continue</button></form>`;

const profileOf = ({ id, email, name = "" }: SamlPerson) => ({
  id,
  emails: [{ value: email }],
  displayName: name || undefined,
  name: {},
});

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** What `samlp`, which is made for Express, asks of a request and its answer. */
function likeExpress(request: IncomingMessage, response: ServerResponse, url: URL) {
  return {
    request: Object.assign(request, { query: Object.fromEntries(url.searchParams), originalUrl: url.pathname }),
    response: Object.assign(response, {
      set: (name: string, value: string) => response.setHeader(name, value),
      send: (body: string | number) => response.end(String(body)),
    }),
  };
}

type Certified = ReturnType<typeof selfSigned>;

const entityId = "urn:example:stand-in";
const credentialsOf = ({ key, certificate }: Certified) => ({ issuer: entityId, key, cert: certificate });

const formatOf = ({ format }: SamlPerson) => (format ? { nameIdentifierFormat: format } : {});

/** A response as it is told, in base64. */
function makeResponse(signer: Certified, person: SamlPerson, options: Record<string, unknown>): Promise<string> {
  const all = {
    signatureAlgorithm: "rsa-sha256",
    digestAlgorithm: "sha256",
    lifetimeInSeconds: 300,
    ...formatOf(person),
    ...credentialsOf(signer),
    ...options,
  };
  return new Promise((resolve, reject) =>
    samlp.getSamlResponse(all, profileOf(person), (error, xml) =>
      error ? reject(error) : resolve(Buffer.from(xml ?? "").toString("base64")),
    ),
  );
}

/** Asks who somebody is, or, where the address says that, answers the service that asked. */
function signOn(own: Certified, request: IncomingMessage, response: ServerResponse, url: URL): void {
  const said = url.searchParams.get("person");
  if (!said) {
    const hidden = [...url.searchParams].map(([name, value]) => {
      return `<input type="hidden" name="${name}" value="${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}">`;
    });
    response.setHeader("Content-Type", "text/html").end(form.replace("{hidden}", hidden.join("")));
    return;
  }
  const person = said.startsWith("{") ? (JSON.parse(said) as SamlPerson) : { id: said, email: said };
  const express = likeExpress(request, response, url);
  samlp.parseRequest(express.request, (error, asked) => {
    const to = asked?.assertionConsumerServiceURL ?? "";
    const options = {
      ...credentialsOf(own),
      recipient: to,
      destination: to,
      lifetimeInSeconds: 300,
      ...formatOf(person),
      getPostURL: (_audience: string, _request: unknown, _from: unknown, done: (e: null, to: string) => void) =>
        done(null, to),
      getUserFromRequest: () => profileOf(person),
    };
    if (error) response.writeHead(400).end(String(error));
    else samlp.auth(options)(express.request, express.response, (failure) => response.writeHead(500).end(`${failure}`));
  });
}

/**
 * A provider of SAML 2.0: `samlp`, whose page at `/sso` asks who somebody is and believes it; `person` in the address answers that
 * without the page, as JSON or as the NameID that is also the address. `/metadata` describes it. `POST /make` makes a response as it is told.
 */
export async function startSamlServer(): Promise<SamlServer> {
  const [own, other] = [selfSigned("Stand-in"), selfSigned("Nobody")];
  let origin = "";
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", origin);
    if (url.pathname === "/sso") return signOn(own, request, response, url);
    if (url.pathname === "/make") {
      const { person, signedBy, ...options } = JSON.parse(await textOf(request)) as MadeResponse;
      return response.end(await makeResponse(signedBy === "other" ? other : own, person, options));
    }
    if (url.pathname !== "/metadata") return response.writeHead(404).end();
    const express = likeExpress(request, response, url);
    const endpoints = { redirectEndpointPath: "/sso", postEndpointPath: "/sso" };
    samlp.metadata({ ...credentialsOf(own), ...endpoints })(
      Object.assign(express.request, { protocol: "http" }),
      express.response,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: origin,
    entityId,
    certificate: own.certificate,
    otherCertificate: other.certificate,
    weakCertificate: selfSigned("Weak", 1_024).certificate,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
