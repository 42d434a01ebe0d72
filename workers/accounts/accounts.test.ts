import { describe, expect, it } from "vitest";
import { call, jsonOf, signUp } from "../testing/client.ts";

const problem = async (response: Response, status: number) =>
  jsonOf<{ code: string; detail: string }>(response, status);

describe("accounts", () => {
  it("signs up, knows who is asking, and ends the session", async () => {
    const { token, email } = await signUp();
    const me = await jsonOf<{ user: { email: string }; workspaces: { role: string; name: string }[] }>(
      await call("GET", "/api/v1/me", { token }),
      200,
    );
    expect(me.user.email).toBe(email);
    expect(me.workspaces).toEqual([expect.objectContaining({ role: "owner", name: "Ada’s workspace" })]);
    expect((await call("POST", "/api/v1/auth/logout", { token })).status).toBe(204);
    expect((await call("GET", "/api/v1/me", { token })).status).toBe(401);
  });

  it("signs in with a cookie that only same-origin calls may use to change things", async () => {
    const { email, password } = await signUp();
    const response = await call("POST", "/api/v1/auth/login", { json: { email: email.toUpperCase(), password } });
    const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    expect(response.headers.getSetCookie()[0]).toMatch(/HttpOnly.*SameSite=Lax/i);
    expect((await call("GET", "/api/v1/me", { headers: { Cookie: cookie } })).status).toBe(200);
    const create = (headers: Record<string, string>) =>
      call("POST", "/api/v1/clones", { json: { name: "X" }, headers: { Cookie: cookie, ...headers } });
    expect((await create({ Origin: "https://evil.example" })).status).toBe(403);
    expect((await create({})).status).toBe(403);
    expect((await create({ Origin: "http://localhost:8787" })).status).toBe(201);
  });

  it("answers a wrong password and an unknown address alike", async () => {
    const { email } = await signUp();
    const wrong = await problem(
      await call("POST", "/api/v1/auth/login", { json: { email, password: "nope nope nope" } }),
      401,
    );
    const unknown = await problem(
      await call("POST", "/api/v1/auth/login", { json: { email: "nobody@example.com", password: "nope nope nope" } }),
      401,
    );
    expect({ ...wrong, request_id: "" }).toEqual({ ...unknown, request_id: "" });
  });

  it("refuses a second account with the same address, and says what to do", async () => {
    const { email, password } = await signUp();
    const body = await problem(
      await call("POST", "/api/v1/auth/register", { json: { email, password, name: "Ada" } }),
      409,
    );
    expect(body).toMatchObject({ code: "conflict", detail: expect.stringContaining("Sign in instead") });
  });

  it("names every field that does not fit", async () => {
    const body = await jsonOf<{ errors: { path: string }[] }>(
      await call("POST", "/api/v1/auth/register", { json: { email: "no", password: "short", name: " " } }),
      422,
    );
    expect(body.errors.map(({ path }) => path)).toEqual(["email", "password", "name"]);
  });

  it.each([
    ["POST", "register login refresh logout ldap sso 2fa/verify password/reset password/reset/confirm email/verify"],
    ["POST", "email/change email/verification 2fa/setup 2fa/recovery-codes 2fa/disable oauth/agreement"],
    ["POST", "passkeys passkeys/options passkeys/sign-in/options"],
    ["PUT", "password/change"],
    ["PATCH", "passkeys/pk_1"],
    ["DELETE", "sessions sessions/s_1 passkeys/pk_1"],
  ])("refuses a field that is not known, by its name: %s %s", async (method, paths) => {
    const { token } = await signUp();
    for (const path of paths.split(" ")) {
      const answer = await call(method, `/api/v1/auth/${path}`, { token, json: { surprise: 1 } });
      const { errors } = await jsonOf<{ errors: { path: string }[] }>(answer, 422);
      expect(errors, path).toContainEqual(expect.objectContaining({ path: "surprise" }));
    }
  });

  it("refuses a query that is not known, by its name", async () => {
    const { token } = await signUp();
    const paths = [
      "policy",
      "me/consents",
      ...["oauth", "oauth/oidc", "2fa", "sessions"].map((path) => `auth/${path}`),
    ];
    for (const path of paths) {
      const answer = await call("GET", `/api/v1/${path}?surprise=1`, { token });
      expect(await jsonOf(answer, 422), path).toMatchObject({ errors: [{ path: "surprise" }] });
    }
  });

  it.each([
    ["no JSON", { body: "{", headers: { "Content-Type": "application/json" } }, 400, "malformed_request"],
    ["another content type", { body: "email=a", headers: { "Content-Type": "text/plain" } }, 422, "validation_failed"],
    ["an array", { json: [] }, 422, "validation_failed"],
  ])("refuses %s as a body", async (_name, options, status, code) => {
    const body = await problem(await call("POST", "/api/v1/auth/login", options), status);
    expect(body.code).toBe(code);
  });

  it.each(["Bearer nonsense", "Bearer a.b.c", "Basic eDp5", "Bearer", ""])(
    "lets nobody in with “%s”",
    async (value) => {
      const response = await call("GET", "/api/v1/me", { headers: { Authorization: value } });
      expect((await problem(response, 401)).code).toBe("unauthenticated");
    },
  );
});
