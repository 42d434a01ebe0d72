import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import worker from "../../index.ts";
import { call, jsonOf, signUp } from "../../testing/client.ts";

const page = "https://chat.example.com";
const others = ["https://evil.example", "http://chat.example.com", "https://chat.example.com:8443", "null"];

const send = (method: string, path: string, headers: Record<string, string>, body?: string) =>
  worker.fetch(
    new Request(`http://localhost:8787${path}`, { method, headers, ...(body ? { body } : {}) }) as Parameters<
      typeof worker.fetch
    >[0],
    { ...env, CORS_ORIGINS: `${page}, http://localhost:5173` } as Env,
    createExecutionContext(),
  );

const corsOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control")));
const preflight = (path: string, origin: string, method = "POST") =>
  send("OPTIONS", path, {
    Origin: origin,
    "Access-Control-Request-Method": method,
    "Access-Control-Request-Headers": "authorization,content-type,x-stainless-os",
  });

describe("a page of a site that is named", () => {
  it.each(["/v1/chat/completions", "/v1/models", "/api/v1/conversations", "/api/v1/clones/x", "/api/v1/nowhere"])(
    "is told that it may call %s",
    async (path) => {
      for (const origin of [page, "http://localhost:5173"]) {
        const answer = await preflight(path, origin, "DELETE");
        expect(answer.status).toBe(204);
        expect(corsOf(answer)).toEqual({
          "access-control-allow-origin": origin,
          "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
          "access-control-allow-headers": "authorization,content-type,x-stainless-os",
          "access-control-max-age": "7200",
          "access-control-expose-headers": expect.stringContaining("Retry-After"),
        });
        expect(answer.headers.get("Vary")).toContain("Origin");
      }
    },
  );

  it("reads answers and refusals by its bearer", async () => {
    const { token } = await signUp();
    const bearer = { Origin: page, Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const answers: [Response, number][] = [
      [await send("GET", "/api/v1/clones", bearer), 200],
      [await send("POST", "/api/v1/conversations", bearer, "{}"), 201],
      [await send("POST", "/api/v1/conversations", bearer, "{"), 400],
      [await send("GET", "/api/v1/conversations/conv_x", bearer), 404],
      [await send("GET", "/api/v1/nowhere", bearer), 404],
      [await send("GET", "/api/v1/clones", { Origin: page }), 401],
      [await send("GET", "/v1/models", { Origin: page }), 401],
      [await send("POST", "/v1/chat/completions", bearer, "{}"), 400],
    ];
    for (const [answer, status] of answers) {
      await answer.text();
      expect([answer.status, corsOf(answer)]).toEqual([
        status,
        {
          "access-control-allow-origin": page,
          "access-control-expose-headers": expect.stringMatching(/RateLimit.*Retry-After.*X-Request-Id/),
        },
      ]);
    }
  });

  it("has nothing of the cookies of whoever looks at it", async () => {
    const { userId } = await signUp("Ada");
    const json = { email: "cookie@example.com", password: "a long enough password", name: "Eve" };
    const made = await call("POST", "/api/v1/auth/register", { json });
    const cookie = (made.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
    await made.text();
    expect(userId).toBeTruthy();
    const own = await send("GET", "/api/v1/me", { Cookie: cookie });
    expect(own.status).toBe(200);
    await own.text();
    for (const [method, path] of [
      ["GET", "/api/v1/me"],
      ["GET", "/api/v1/clones"],
      ["POST", "/api/v1/clones"],
    ] as const) {
      const answer = await send(method, path, { Cookie: cookie, Origin: page });
      expect([401, 403]).toContain(answer.status);
      expect(answer.headers.has("Access-Control-Allow-Credentials")).toBe(false);
      await answer.text();
    }
  });
});

describe("a page of any other site", () => {
  it("is told that it may not, and by whom it could be let", async () => {
    for (const origin of others) {
      const answer = await preflight("/v1/chat/completions", origin);
      expect(corsOf(answer)).toEqual({});
      expect((await jsonOf<{ detail: string }>(answer, 403)).detail).toContain("CORS_ORIGINS");
      const read = await send("GET", "/v1/models", { Origin: origin });
      expect([read.status, corsOf(read)]).toEqual([401, {}]);
      await read.text();
    }
  });

  it("is any, where none is named", async () => {
    const headers = { Origin: page, "Access-Control-Request-Method": "POST" };
    const answer = await call("OPTIONS", "/v1/models", { headers });
    expect(corsOf(answer)).toEqual({});
    expect(answer.status).toBe(403);
    expect(answer.headers.has("Vary")).toBe(false);
  });
});
