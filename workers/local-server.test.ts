import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { LocalServer } from "./local-server.ts";

const origin = "http://localhost:8787";
const files: Record<string, string> = { "/favicon.svg": "<svg/>", "/api/v1/models": "a file that hides the API" };

/** The files that the last request had looked for. */
let asked: string[] = [];

/** What a server of one's own answers to a request that comes from `from`. */
async function ask(path: string, init: RequestInit = {}, from: string | null = "127.0.0.1:51234"): Promise<Response> {
  asked = [];
  const assets = {
    async fetch(request: Request) {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      return files[pathname] === undefined ? new Response(null, { status: 404 }) : new Response(files[pathname]);
    },
  };
  const ctx = createExecutionContext();
  const server = new LocalServer(ctx, { ...env, ASSETS: assets as unknown as Fetcher });
  const cf = (from === null ? {} : { clientIp: from }) as CfProperties;
  const response = await server.fetch(new Request(origin + path, { ...init, cf }));
  await waitOnExecutionContext(ctx);
  return response;
}

let people = 0;

/** The address that a new session is listed with, where the request that opened it came from `from`. */
async function addressListed(from: string | null): Promise<unknown> {
  const person = { email: `local-${++people}@example.com`, password: "correct horse battery staple", name: "Ada" };
  const response = await ask(
    "/api/v1/auth/register",
    {
      method: "POST",
      body: JSON.stringify(person),
      headers: { "Content-Type": "application/json", "CF-Connecting-IP": "203.0.113.66" },
    },
    from,
  );
  expect(response.status).toBe(201);
  const { access_token } = await response.json<{ access_token: string }>();
  const sessions = await ask("/api/v1/auth/sessions", { headers: { Authorization: `Bearer ${access_token}` } });
  const { data } = await sessions.json<{ data: { ip_address: unknown }[] }>();
  expect(data).toHaveLength(1);
  return data[0]?.ip_address;
}

describe("a server of one's own", () => {
  it("gives out files, and the API whatever files there are", async () => {
    const file = await ask("/favicon.svg");
    expect(await file.text()).toBe("<svg/>");
    const api = await ask("/api/v1/models");
    expect(api.headers.get("Content-Type")).toContain("json");
    expect(asked).toEqual([]);
    expect((await ask("/health")).status).toBe(200);
  });

  it("looks for a file where one could be asked for, and leaves what is none to the pages", async () => {
    // The pages are not built where these tests run: that they are asked shows in how they fail.
    await expect(ask("/clones")).rejects.toThrow(/module/);
    expect(asked).toEqual(["/clones"]);
    await expect(ask("/clones", { method: "POST" })).rejects.toThrow(/module/);
    expect(asked).toEqual([]);
  });

  it.each([
    ["127.0.0.1:51234", "127.0.0.1"],
    ["[2001:db8::7]:443", "2001:db8::7"],
    ["unix:/run/understudy", null],
    [null, null],
  ])("takes the address of %s from the connection, not from what the request says", async (from, address) => {
    expect((await addressListed(from)) || null).toBe(address);
  });

  it("knows the scheme that a proxy in front was asked with: a page of that origin is its own", async () => {
    const fromPage = { Origin: "https://localhost:8787", "Sec-Fetch-Site": "same-origin" };
    const post = (headers: Record<string, string>) =>
      ask("/api/v1/auth/login", {
        method: "POST",
        body: JSON.stringify({ email: "nobody@example.com", password: "a wrong password" }),
        headers: { "Content-Type": "application/json", ...fromPage, ...headers },
      });
    expect((await post({})).status).toBe(403);
    expect((await post({ "X-Forwarded-Proto": "https" })).status).toBe(401);
  });
});
