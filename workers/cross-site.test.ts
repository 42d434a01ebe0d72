import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import { api } from "./api.ts";
import { projected } from "./chat/testing/turns.ts";
import worker from "./index.ts";
import { call, jsonOf, makeClone, signUp } from "./testing/client.ts";
import { makeWorkspace } from "./workspaces/testing/teams.ts";

const own = "http://localhost:8787";
/** Origins of pages that are not ours, as near to it as they get, and none at all. */
const foreignOrigins = [
  null,
  "null",
  "https://evil.example",
  "http://localhost",
  "http://localhost:8788",
  "https://localhost:8787",
  "http://localhost:8787.evil.example",
  "http://evil.example:8787",
  "http://127.0.0.1:8787",
  "HTTP://LOCALHOST:8787/",
];
/** What a form of another site can send without asking first, and what a script would. */
const bodies: [type: string, body: string][] = [
  ["text/plain", '{"name":"Taken"}'],
  ["text/plain;charset=UTF-8", '{"name":"Taken","x":"="}'],
  ["application/x-www-form-urlencoded", "name=Taken"],
  ["multipart/form-data; boundary=x", '--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nTaken\r\n--x--\r\n'],
  ["application/json", '{"name":"Taken"}'],
];

const { url, entityId, certificate } = inject("saml");
const saml = { entity_id: entityId, sso_url: `${url}/sso`, certificates: [certificate] };

const mutations = [
  ...new Map(
    api.routes
      .filter(({ method }) => !["ALL", "GET", "HEAD", "OPTIONS"].includes(method))
      .map((route) => [`${route.method} ${route.path}`, route]),
  ).values(),
];

/** A person with a cookie, as their browser has it. */
async function browser() {
  const { email, password, token } = await signUp();
  const response = await call("POST", "/api/v1/auth/login", { json: { email, password } });
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  return { cookie, token };
}

/** Every row of every table, so that no effect goes unseen. */
async function everything(): Promise<string> {
  await projected();
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'",
  ).all<{ name: string }>();
  const rows = await Promise.all(results.map(({ name }) => env.DB.prepare(`SELECT * FROM "${name}"`).all()));
  return JSON.stringify(rows.map(({ results }) => results));
}

/** Where providers of SAML have browsers post to, from their own pages. */
const postedFromElsewhere = "/api/v1/auth/sso/:connection/acs";

describe("another site’s page", () => {
  it("changes nothing through a person’s cookie, by no route, origin or type of body", async () => {
    const { cookie, token } = await browser();
    const { id } = await makeClone(token);
    const before = await everything();
    expect(mutations.length).toBeGreaterThan(30);
    for (const { method, path } of mutations.filter((each) => each.path !== postedFromElsewhere)) {
      const target = path.replace(/:id\b/, id).replace(/:\w+/g, "x");
      for (const origin of foreignOrigins) {
        for (const [type, body] of origin === "https://evil.example" || origin === null ? bodies : bodies.slice(0, 1)) {
          const headers = { Cookie: cookie, "Content-Type": type, ...(origin === null ? {} : { Origin: origin }) };
          const { status } = await call(method, target, { body, headers });
          // The OpenAI-compatible routes take no cookie at all.
          expect(status, `${method} ${path} from ${origin} as ${type}`).toBe(path.startsWith("/v1") ? 401 : 403);
        }
      }
    }
    expect(await everything()).toBe(before);
  });

  it("signs nobody in, and makes nobody a visitor, also without a cookie", async () => {
    for (const path of ["/auth/login", "/auth/ldap", "/auth/register", "/auth/passkeys/sign-in", "/visitors"]) {
      const headers = { Origin: "https://evil.example", "Content-Type": "text/plain" };
      expect((await call("POST", `/api/v1${path}`, { body: "{}", headers })).status, path).toBe(403);
    }
  });

  it("posts to the one route that takes it, for nothing: no cookie is read or set, and nobody is signed in", async () => {
    const { cookie, token } = await browser();
    const workspace = await makeWorkspace({ token });
    const json = { kind: "saml", name: "Acme", ...saml };
    const made = await call("POST", `/api/v1/workspaces/${workspace}/sso`, { token, json });
    const { id } = await jsonOf<{ id: string }>(made, 201);
    const before = await everything();
    const target = postedFromElsewhere.replace(":connection", id);
    for (const origin of [...foreignOrigins, own]) {
      for (const [type, body] of [
        ...bodies,
        ["application/x-www-form-urlencoded", "SAMLResponse=PHg%2B&RelayState=x"],
      ]) {
        const headers = { Cookie: cookie, "Content-Type": type ?? "", ...(origin === null ? {} : { Origin: origin }) };
        const request = new Request(own + target, { method: "POST", body: body ?? "", headers, redirect: "manual" });
        const answer = await api.fetch(request, env, createExecutionContext());
        expect(answer.headers.getSetCookie()).toEqual([]);
        expect([answer.status, answer.headers.get("Location")]).toEqual([
          303,
          "/sign-in?problem=expired&next=%2Fclones",
        ]);
      }
    }
    // It is that route by that method alone.
    const headers = { Cookie: cookie, Origin: "https://evil.example" };
    for (const path of [
      `${target}/x`,
      target.replace("/acs", "/acs/acs"),
      `/api/v1/auth/sso/${id}`,
      "/api/v1/auth/sso/a/b/acs",
    ])
      expect((await call("POST", path, { body: "", headers })).status, path).toBe(403);
    for (const method of ["PUT", "DELETE", "PATCH"])
      expect((await call(method, target, { body: "", headers })).status, method).toBe(403);
    expect(await everything()).toBe(before);
  });

  it("opens no socket", async () => {
    const { cookie } = await browser();
    for (const origin of foreignOrigins) {
      const headers = { Cookie: cookie, Upgrade: "websocket", ...(origin === null ? {} : { Origin: origin }) };
      const response = await call("GET", "/api/v1/conversations/conv_x/socket", { headers });
      expect(response.status, String(origin)).toBe(403);
    }
  });

  it("reads nothing: no answer names it as allowed", async () => {
    const { cookie } = await browser();
    for (const method of ["GET", "OPTIONS"]) {
      const headers = { Cookie: cookie, Origin: "https://evil.example", "Access-Control-Request-Method": "POST" };
      const response = await call(method, "/api/v1/clones", { headers });
      expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });
});

describe("our own page", () => {
  it("changes what it may", async () => {
    const { cookie } = await browser();
    const headers = { Cookie: cookie, Origin: own };
    await jsonOf(await call("POST", "/api/v1/clones", { json: { name: "Mine" }, headers }), 201);
  });
});

describe("the headers of an answer", () => {
  const inProduction = async (request: Request) =>
    worker.fetch(
      request as Parameters<typeof worker.fetch>[0],
      { ...env, ENVIRONMENT: "production", RATE_LIMITS: "on", FETCH_EXEMPT_ORIGINS: "", SCRYPT_COST: "16384" } as Env,
      createExecutionContext(),
    );

  it("keep the API’s answers from being run, framed or taken for something else", async () => {
    const { token } = await signUp();
    const clone = await makeClone(token);
    for (const [path, status] of [
      ["/health", 200],
      ["/api/openapi.json", 200],
      ["/api/v1/models", 200],
      [`/api/v1/clones/${clone.id}`, 200],
      ["/api/v1/clones/clone_x", 404],
      ["/api/nothing", 404],
      ["/v1/models", 200],
    ] as const) {
      const { headers, status: actual } = await call("GET", path, { token });
      expect(actual, path).toBe(status);
      expect(headers.get("Cache-Control"), path).toBe("no-store");
      const policy = headers.get("Content-Security-Policy");
      expect(policy, path).toMatch(/^default-src 'none'.*frame-ancestors 'none'/);
      expect(headers.get("X-Content-Type-Options"), path).toBe("nosniff");
      expect(headers.get("Cross-Origin-Opener-Policy"), path).toBe("same-origin");
      expect(headers.get("Referrer-Policy"), path).toBe("strict-origin-when-cross-origin");
      expect(headers.get("Permissions-Policy"), path).toContain("camera=()");
      expect(headers.has("Strict-Transport-Security"), path).toBe(false);
    }
    const docs = await call("GET", "/api/docs");
    expect(docs.headers.get("Content-Security-Policy")).not.toContain("script-src");
  });

  it("hold browsers to https in production", async () => {
    const { headers } = await inProduction(new Request("https://understudy.example/health"));
    expect(headers.get("Strict-Transport-Security")).toMatch(/^max-age=\d{8}; includeSubDomains$/);
  });

  it("set cookies in production that the browser holds to this host alone, and take only those", async () => {
    const { email, password, token } = await signUp();
    const clone = await makeClone(token, { visibility: "public" });
    const base = "https://understudy.example/api/v1";
    const post = (path: string, body: object) =>
      inProduction(
        new Request(base + path, {
          method: "POST",
          headers: { "Content-Type": "application/json", Origin: "https://understudy.example" },
          body: JSON.stringify(body),
        }),
      );
    const session = (await post("/auth/login", { email, password })).headers.getSetCookie();
    const visitor = (await post("/visitors", { clone: clone.slug })).headers.getSetCookie();
    expect([session.length, visitor.length]).toEqual([2, 1]);
    for (const cookie of [...session, ...visitor]) {
      expect(cookie).toMatch(/^__Host-understudy[._]\w+=/);
      expect(cookie).toMatch(/; Path=\/(;|$)/);
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; Secure/);
      expect(cookie).toMatch(/; SameSite=Lax/i);
      expect(cookie).not.toMatch(/Domain=/i);
    }
    const pair = session[0]?.split(";")[0] ?? "";
    const me = (cookie: string) => inProduction(new Request(`${base}/me`, { headers: { Cookie: cookie } }));
    expect((await me(pair)).status).toBe(200);
    // A sibling host could set the one without the prefix.
    expect((await me(pair.replace("__Host-", ""))).status).toBe(401);
  });
});
