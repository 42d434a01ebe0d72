import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import crypto from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import worker from "../../index.ts";
import { parseConfig, standardScryptCost } from "../../platform/config/config.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";

const person = { email: "ada@example.com", password: "correct horse battery staple", name: "Ada" };

/** The Worker as it is where nobody sets what a password costs. */
function post(path: string, json: object): Promise<Response> {
  const request = new Request(`http://localhost:8787/api/v1/auth/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(json),
  });
  const bindings = { ...env, SCRYPT_COST: undefined } as unknown as Env;
  return worker.fetch(request as Parameters<typeof worker.fetch>[0], bindings, createExecutionContext());
}

afterEach(() => vi.restoreAllMocks());

describe("what is kept of a password", () => {
  it("costs what OWASP asks for where nothing else is set, for each that is made or compared", async () => {
    const derive = vi.spyOn(crypto, "scrypt");
    expect((await post("register", person)).status).toBe(201);
    const { email, password } = person;
    expect((await post("login", { email, password })).status).toBe(200);
    expect((await post("login", { email, password: "wrong wrong wrong" })).status).toBe(401);
    expect((await post("login", { email: "nobody@example.com", password })).status).toBe(401);
    expect(derive.mock.calls.map(([, , length, options]) => [length, options])).toEqual(
      Array(4).fill([64, { N: 16_384, r: 8, p: 5, maxmem: 64 * 1024 * 1024 }]),
    );
    const kept = await env.DB.prepare("SELECT password FROM accounts").first<string>("password");
    expect(kept).toMatch(/^scrypt\$[\w+/]{22}==\$[\w+/]{86}==$/);
  });

  it("is another each time, and stays right where the cost has changed since", async () => {
    const hashes = await Promise.all([2, 16, 16, standardScryptCost].map((cost) => hashPassword("an old one", cost)));
    expect(new Set(hashes).size).toBe(4);
    for (const hash of hashes) {
      expect(await verifyPassword({ hash, password: "an old one" })).toBe(true);
      expect(await verifyPassword({ hash, password: "an odd one" })).toBe(false);
    }
  });

  it.each(["", "scrypt", "scrypt$$", "bcrypt$c2FsdA==$a2V5", "scrypt$c2FsdA==$a2V5"])(
    "is never right as %j",
    async (hash) => expect(await verifyPassword({ hash, password: "" })).toBe(false),
  );

  it("costs no less in production, and nothing that scrypt cannot do", () => {
    const costing = (SCRYPT_COST: string | undefined, ENVIRONMENT: string) => () =>
      parseConfig({ ...env, ENVIRONMENT, SCRYPT_COST, RATE_LIMITS: "on", FETCH_EXEMPT_ORIGINS: "" }).SCRYPT_COST;
    expect(costing(undefined, "production")()).toBe(16_384);
    expect(costing("32768", "production")()).toBe(32_768);
    expect(costing("16", "development")()).toBe(16);
    expect(costing("8192", "production")).toThrow("SCRYPT_COST cannot be less than 16384 in production");
    for (const cost of ["0", "1", "1000", "65536", "much", ""])
      expect(costing(cost, "development"), cost).toThrow("SCRYPT_COST must be a power of two");
  });
});
