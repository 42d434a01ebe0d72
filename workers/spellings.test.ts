import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { api } from "./api.ts";
import worker from "./index.ts";
import { type OperationRules, rulesOf } from "./platform/http/operation-rules.ts";
import { isApiAddress, pathProblem } from "./platform/http/request-path.ts";
import { defaultLimits } from "./platform/limits/rate-limits.ts";
import { call, jsonOf, signUp } from "./testing/client.ts";

const generous = Object.keys(defaultLimits)
  .map((kind) => `${kind}=100000/minute`)
  .join();

/** The Worker with limits, as the network would call it. */
async function limited(method: string, path: string, headers: Record<string, string> = {}, limits = generous) {
  const request = new Request(`http://localhost:8787${path}`, { method, headers });
  const bindings = { ...env, RATE_LIMITS: limits } as Env;
  return worker.fetch(request as Parameters<typeof worker.fetch>[0], bindings, createExecutionContext());
}

/** Every route, with what its operation declares. */
const routes = [
  ...Map.groupBy(
    api.routes.filter(({ method }) => method !== "ALL"),
    ({ method, path }) => `${method} ${path}`,
  ),
].map(([name, handlers]) => {
  const rules = handlers.map(({ handler }) => rulesOf(handler)).find((each) => each !== undefined);
  const [method = "", path = ""] = name.split(" ");
  return { name, method, path: path.replace(/:\w+(\{[^}]*\})?/g, "x"), rules };
});

/** One letter of the path as percent and hex; one whose hex has letters of its own. */
function encoded(path: string, hexOf: (hex: string) => string): string {
  const at = path.search(path.match(/[j-oz](?=[a-z])/) ? /[j-oz](?=[a-z])/ : /[a-z]/);
  const hex = path.charCodeAt(at).toString(16);
  return `${path.slice(0, at)}%${hexOf(hex)}${path.slice(at + 1)}`;
}

/** Spellings that mean the same, and those that mean nothing, with the statuses that they may have. */
const spellings: Record<string, { of: (path: string) => string; refused?: number }> = {
  plain: { of: (path) => path },
  "one letter encoded": { of: (path) => encoded(path, (hex) => hex) },
  "one letter encoded, in capitals": { of: (path) => encoded(path, (hex) => hex.toUpperCase()) },
  "encoded twice": { of: (path) => encoded(path, (hex) => `25${hex}`), refused: 400 },
  "with a slash behind it": { of: (path) => `${path}/`, refused: 404 },
  "with an empty part": { of: (path) => path.replace(/(.)\//, "$1//"), refused: 400 },
  "with an encoded slash": { of: (path) => path.replace(/(.)\//, "$1%2F"), refused: 404 },
  "in capitals": {
    of: (path) => path.replace(/(?<=^(?:\/api)?(?:\/v1)?\/)(?!api|v1)[a-z-]+/, (word) => word.toUpperCase()),
    refused: 404,
  },
};

/** What takes no key at all, as it is about a session; some look at their input first. */
const isOfSessions = (name: string) => / \/api\/v1\/(auth|invitations|me)\b/.test(name);

describe("every route", () => {
  it("declares its operation, and open are only those that say so", () => {
    expect(routes.length).toBeGreaterThan(150);
    for (const { name, rules } of routes) expect(rules, name).toBeDefined();
  });

  it.each(Object.entries(spellings))(
    "is one operation with one scope and one count: %s",
    async (_, { of, refused }) => {
      const { token } = await signUp();
      const json = { name: "Reader", scopes: ["read"] };
      const { key } = await jsonOf<{ key: string }>(await call("POST", "/api/v1/api-keys", { token, json }), 201);
      for (const { name, method, path, rules } of routes) {
        const spelled = of(path);
        // What has one part only has no spelling with more.
        if (spelled === path && refused !== undefined) continue;
        const answer = await limited(method, spelled, { Authorization: `Bearer ${key}` });
        await answer.body?.cancel();
        const policy = answer.headers.get("RateLimit-Policy");
        const where = `${name} as ${spelled}: ${answer.status}`;
        if (refused === undefined) {
          expect(policy === null, where).toBe(rules?.limit === "none");
          if (rules?.limit && rules.limit !== "none") expect(policy, where).toContain(`"${rules.limit}"`);
          if (isRefused(rules, method))
            expect(isOfSessions(name) ? [401, 403, 422] : [403], where).toContain(answer.status);
        } else if (!takesAnything(spelled)) {
          expect(policy, where).toContain('"unmatched"');
          expect(answer.status, where).toBe(refused);
        }
        expect(answer.status, where).toBeLessThan(500);
      }
    },
  );
});

/** Whether a key that may only read is refused. */
const isRefused = (rules: OperationRules | undefined, method: string) =>
  rules !== undefined && !rules.open && (rules.scope ?? (method === "GET" ? "read" : "write")) !== "read";

/** Ids of models hold slashes, so that whatever stands there is one. */
const takesAnything = (path: string) => /^\/v1\/models\/./i.test(path);

describe("a limit", () => {
  const own = { Origin: "http://localhost:8787" };

  it.each([
    ["written in many ways", (at: number) => [`/api/v1/${["auth", "%61uth", "a%75th", "aut%68"][at % 4]}/login`, {}]],
    ["with an Authorization that says nothing", () => ["/api/v1/auth/login", { Authorization: "x" }]],
    ["with a bearer that is none", (at: number) => ["/api/v1/auth/login", { Authorization: `Bearer ${at}` }]],
    ["with some cookie and our own Origin", (at: number) => ["/api/v1/auth/login", { ...own, Cookie: `a=${at}` }]],
    ["from another site’s page", () => ["/api/v1/auth/login", { Origin: "https://evil.example" }]],
  ] as [string, (at: number) => [string, Record<string, string>]][])("counts sign-ins %s", async (_, callOf) => {
    const limits = "auth=5/minute";
    const statuses: number[] = [];
    for (let at = 0; at < 7; at++) statuses.push((await limited("POST", ...callOf(at), limits)).status);
    expect(statuses.slice(0, 5)).not.toContain(429);
    expect(statuses.slice(5)).toEqual([429, 429]);
  });

  it("counts what fails: credentials that are none, addresses that nothing answers, paths that cannot be read", async () => {
    const limits = "api=3/hour, unmatched=3/hour";
    const statusesOf = async (path: string, headers: (at: number) => Record<string, string>) => {
      const statuses: number[] = [];
      for (let at = 0; at < 5; at++) statuses.push((await limited("GET", path, headers(at), limits)).status);
      return statuses;
    };
    const guessed = await statusesOf("/api/v1/clones", (at) => ({ Authorization: `Bearer usk_${at}` }));
    expect(guessed).toEqual([401, 401, 401, 429, 429]);
    expect(await statusesOf("/api/v1/auth/sessions", () => ({ Cookie: "understudy.session_token=x.y" }))).toEqual(
      Array(5).fill(429),
    );
    expect(await statusesOf("/api/nothing", () => ({}))).toEqual([404, 404, 404, 429, 429]);
    expect(await statusesOf("/api/v1/%zz", () => ({}))).toEqual(Array(5).fill(429));
  });

  it("counts an account’s own routes for the account, by whatever it signed in with", async () => {
    const { token, email, password } = await signUp();
    const signedIn = await call("POST", "/api/v1/auth/login", { json: { email, password } });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const read = async (headers: Record<string, string>) =>
      (await limited("GET", "/api/v1/auth/sessions", headers, "api=2/hour, app=1/hour")).status;
    const bearer = { Authorization: `Bearer ${token}` };
    expect([await read(bearer), await read(bearer), await read(bearer)]).toEqual([200, 200, 429]);
    expect([await read({ Cookie: cookie }), await read({ Cookie: cookie })]).toEqual([200, 429]);
    // Whoever is nobody has a count of their own, which theirs does not touch.
    expect(await read({})).toBe(401);
  });
});

describe("a path", () => {
  it("that cannot be read in one way is refused at every door, as a problem, and tells nothing", async () => {
    for (const path of [
      ...[
        "/api/v1/%zz",
        "/api/v1/%",
        "/api/v1/clones/%f",
        "/api/%ff",
        "/v1/models/%c3%28",
        "/mcp/%zz",
        "/health/%e0%a4",
      ],
      ...["/api/v1/%2563onversations", "/%61pi/v1/%2561uth", "/ready/%2563", "/v1/models/a%252Fb", "/v1/%zz"],
      ...["/api//v1/clones", "/api/v1//clones", "//api/v1/clones", "/v1//models", "/health//db"],
      ...["/api/v1/clones/a%5Cb", "/api/v1/clones/%00", "/api/v1/clones/a%0Ab", "/v1/models/a%2F..%2Fb"],
    ]) {
      const answer = await limited("GET", path);
      expect(answer.status, path).toBe(400);
      expect(answer.headers.get("Content-Type"), path).toBe("application/problem+json");
      expect(answer.headers.get("RateLimit-Policy"), path).toMatch(/"(unmatched|api)"/);
      expect(await answer.json(), path).toMatchObject({ code: "malformed_request" });
    }
  });

  it("is looked at as it was sent, before dots and backslashes are resolved", () => {
    for (const path of [
      "/api/v1/../v1/clones",
      "/api/./v1/clones",
      "/api/v1/%2e%2E/clones",
      "/api\\v1\\clones",
      "/api/v1/..%5Cme",
    ])
      expect(pathProblem(`http://localhost:8787${path}`), path).not.toBeNull();
    for (const path of ["/", "", "/api/v1/clones", "/api/v1/clones/", "/health?x=//../%zz", "/health#%zz"])
      expect(pathProblem(`http://localhost:8787${path}`), path).toBeNull();
  });

  it("leads to the API however it is written, and nowhere else", () => {
    for (const path of [
      "/api",
      "/api/v1/me",
      "/%61pi/v1/me",
      "/API/v1/me",
      "//api/v1/me",
      "/x/../api/v1",
      "/%2561pi/v1/me",
      "/api%2Fv1",
      "/api/%2e%2e/clones",
      "/api\\v1",
      "/v1/%zz",
      "/mcp",
      "/ready/",
    ])
      expect(isApiAddress(`http://localhost:8787${path}?a=b`), path).toBe(true);
    for (const path of ["/", "/clones", "/apis", "/x/api/v1", "/x%2Fapi", "/%zz", "/?/api/v1"])
      expect(isApiAddress(`http://localhost:8787${path}`), path).toBe(false);
  });

  it("may hold what its parts need to have encoded", async () => {
    const { token } = await signUp();
    const clone = await jsonOf<{ id: string; slug: string }>(
      await call("POST", "/api/v1/clones", { token, json: { name: "Mine", visibility: "public" } }),
      201,
    );
    const read = async (path: string) => (await call("GET", path, { token })).status;
    const hex = (text: string) => `%${text.charCodeAt(0).toString(16)}${text.slice(1)}`;
    expect(await read(`/api/v1/clones/${hex(clone.id)}`)).toBe(200);
    expect(await read(`/api/v1/public/clones/${hex(clone.slug)}`)).toBe(200);
    const { data } = await jsonOf<{ data: { id: string }[] }>(await call("GET", "/v1/models", { token }), 200);
    for (const { id } of data) expect(await read(`/v1/models/${encodeURIComponent(id)}`), id).toBe(200);
    // A percent sign, an umlaut and a space are names like others, of nothing here.
    for (const name of ["100%25", "m%C3%BCll", "a%20b", "a+b", "a:b@c"])
      expect(await read(`/api/v1/clones/${name}`), name).toBe(404);
  });
});
