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

/**
 * A provider of SAML 2.0: `samlp`, whose page at `/sso` asks who somebody is and believes it; `person` in the address answers that
 * without the page, as JSON or as the NameID that is also the address. `/metadata` describes it. `POST /make` makes a response as it is told.
 */
export async function startSamlServer(): Promise<SamlServer> {
  const [own, other] = [selfSigned("Stand-in"), selfSigned("Nobody")];
  let origin = "";
  const entityId = "urn:example:stand-in";
  const credentials = { issuer: entityId, key: own.key, cert: own.certificate };

  const make = ({ person, signedBy = "own", ...options }: MadeResponse) =>
    new Promise<string>((resolve, reject) => {
      const { key, certificate } = signedBy === "own" ? own : other;
      const all = {
        signatureAlgorithm: "rsa-sha256",
        digestAlgorithm: "sha256",
        lifetimeInSeconds: 300,
        ...(person.format ? { nameIdentifierFormat: person.format } : {}),
        ...credentials,
        key,
        cert: certificate,
        ...options,
      };
      samlp.getSamlResponse(all, profileOf(person), (error, xml) =>
        error ? reject(error) : resolve(Buffer.from(xml ?? "").toString("base64")),
      );
    });

  const signOn = (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const said = url.searchParams.get("person");
    if (!said) {
      const hidden = [...url.searchParams].map(([name, value]) => {
        return `<input type="hidden" name="${name}" value="${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}">`;
      });
      return response.setHeader("Content-Type", "text/html").end(form.replace("{hidden}", hidden.join("")));
    }
    const person = said.startsWith("{") ? (JSON.parse(said) as SamlPerson) : { id: said, email: said };
    const express = likeExpress(request, response, url);
    samlp.parseRequest(express.request, (error, asked) => {
      const to = asked?.assertionConsumerServiceURL ?? "";
      const options = {
        ...credentials,
        recipient: to,
        destination: to,
        lifetimeInSeconds: 300,
        ...(person.format ? { nameIdentifierFormat: person.format } : {}),
        getPostURL: (_audience: string, _request: unknown, _from: unknown, done: (e: null, to: string) => void) =>
          done(null, to),
        getUserFromRequest: () => profileOf(person),
      };
      if (error) response.writeHead(400).end(String(error));
      else
        samlp.auth(options)(express.request, express.response, (failure) => response.writeHead(500).end(`${failure}`));
    });
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", origin);
    if (url.pathname === "/sso") return signOn(request, response, url);
    if (url.pathname === "/make") return response.end(await make(JSON.parse(await textOf(request)) as MadeResponse));
    if (url.pathname !== "/metadata") return response.writeHead(404).end();
    const express = likeExpress(request, response, url);
    const endpoints = { redirectEndpointPath: "/sso", postEndpointPath: "/sso" };
    samlp.metadata({ ...credentials, ...endpoints })(
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
