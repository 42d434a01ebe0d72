import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import worker from "../../index.ts";
import { call, signUp } from "../../testing/client.ts";
import { parseConfig } from "../config/config.ts";
import { requireOwnHost } from "./hosts.ts";

const { AUTH_SECRET, MASTER_KEYS } = env as unknown as Record<string, string>;
const configOf = (variables: Record<string, string>) => parseConfig({ AUTH_SECRET, MASTER_KEYS, ...variables });

function isAnswered(url: string, variables: Record<string, string>): boolean {
  try {
    requireOwnHost(new Request(url), configOf(variables));
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "misdirected", message: expect.stringContaining("ALLOWED_HOSTS") });
    return false;
  }
}

/** Names that a page of another site may have led here. */
const foreign = [
  "http://evil.example/",
  "http://localhost.evil.example:8787/",
  "http://127.0.0.1.evil.example/",
  "http://evil.localhost/",
  "http://0.0.0.0:8787/",
  "http://192.168.1.10:8787/",
  "http://[::ffff:127.0.0.1]/",
  "http://localhost./",
];

describe("a host", () => {
  it("is this machine's own in development, whatever the port, or the installation's", () => {
    for (const url of ["http://localhost:8787/", "http://127.0.0.1:1/", "http://[::1]:9/a", "http://LOCALHOST/"])
      expect([url, isAnswered(url, {})]).toEqual([url, true]);
    for (const url of foreign) expect([url, isAnswered(url, {})]).toEqual([url, false]);
    const variables = { APP_URL: "https://chat.example.com", ALLOWED_HOSTS: "proxy.internal, 192.168.1.10" };
    for (const url of ["http://chat.example.com/", "http://proxy.internal:80/", "http://192.168.1.10:8787/"])
      expect([url, isAnswered(url, variables)]).toEqual([url, true]);
    expect(isAnswered("http://evil.example/", variables)).toBe(false);
  });

  it("is the installation's alone in production", () => {
    const variables = {
      ENVIRONMENT: "production",
      SCRYPT_COST: "16384",
      APP_URL: "https://chat.example.com",
      ALLOWED_HOSTS: "www.example.com",
    };
    for (const url of ["https://chat.example.com/", "https://www.example.com/"])
      expect(isAnswered(url, variables)).toBe(true);
    for (const url of [...foreign, "https://localhost/", "https://chat.example.com.evil.example/"])
      expect([url, isAnswered(url, variables)]).toEqual([url, false]);
    // Where the routes of Cloudflare's decide, and nothing else is known.
    expect(isAnswered("https://understudy.me.workers.dev/", { ENVIRONMENT: "production" })).toBe(true);
  });

  it("is not believed to be another than the one that was called", () => {
    for (const [url, Host] of [
      ["http://localhost/", "evil.example"],
      ["http://localhost/", "evil.example:8787"],
      ["http://localhost/", "localhost, evil.example"],
      ["http://evil.example/", "localhost"],
    ] as const) {
      const request = new Request(url, { headers: { Host } });
      expect(() => requireOwnHost(request, configOf({}))).toThrow(expect.objectContaining({ code: "misdirected" }));
    }
    requireOwnHost(new Request("http://localhost/", { headers: { Host: "127.0.0.1:8787" } }), configOf({}));
  });

  it("does not matter to probes, which learn nothing but that it is up", () => {
    for (const path of ["health", "ready"]) expect(isAnswered(`http://10.0.0.7:8787/${path}`, {})).toBe(true);
    for (const path of ["health/detailed", "health/db", "healthy", "api/v1/outbox", "%68ealth"])
      expect([path, isAnswered(`http://10.0.0.7:8787/${path}`, {})]).toEqual([path, false]);
  });

  it("that is another's gets nothing: no page, no mail, no API, and is told what to set", async () => {
    const { token } = await signUp();
    for (const path of ["/", "/sign-in", "/api/v1/outbox", "/api/v1/me", "/v1/models", "/health/detailed"]) {
      const request = new Request(`http://evil.example:8787${path}`, { headers: { Authorization: `Bearer ${token}` } });
      const response = await worker.fetch(request as never, env, createExecutionContext());
      expect([path, response.status]).toEqual([path, 421]);
      expect(await response.json()).toMatchObject({ code: "misdirected", detail: expect.stringContaining("APP_URL") });
    }
    expect((await call("GET", "/api/v1/me", { token })).status).toBe(200);
  });

  it("list that is none stops the start with a sentence", () => {
    for (const ALLOWED_HOSTS of ["https://chat.example.com", "chat.example.com:8787", "a/b", "*"])
      expect(() => configOf({ ALLOWED_HOSTS })).toThrow(/ALLOWED_HOSTS must list host names/);
  });
});
