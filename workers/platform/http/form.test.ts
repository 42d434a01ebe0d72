import { describe, expect, it } from "vitest";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { withForm } from "./form.ts";

const encoded = "application/x-www-form-urlencoded";
const send = (path: string, body: string, type: string) =>
  call("POST", path, { body, headers: { "Content-Type": type, Origin: "http://localhost:8787" } });
const field = (name: string, value: string) =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const signIn = { email: "nobody@example.com", password: "wrong" };
const parts = Object.entries(signIn).map(([name, value]) => field(name, value));

describe("a form of a page", () => {
  it.each([
    ["plain text", "hello", "text/plain", 415],
    ["JSON", "{}", "application/json", 415],
    ["of no type", "a=b", "", 415],
    ["multipart without a boundary", "a", "multipart/form-data", 415],
    ["multipart with two boundaries", "a", 'multipart/form-data; x="boundary=y"; boundary=z', 415],
    ["multipart whose boundary never comes", "hello", "multipart/form-data; boundary=x", 400],
    ["multipart that is cut off", parts.join(""), "multipart/form-data; boundary=x", 400],
    ["of many fields", "a&".repeat(1_001), encoded, 413],
    ["of as many as fit into a body", "&".repeat(999_000), `${encoded}; charset=utf-8`, 413],
    ["of many parts", `${field("a", "").repeat(1_001)}--x--\r\n`, "multipart/form-data; boundary=x", 413],
    ["of many empty parts", `${"--x\r\n\r\n".repeat(18_000)}--x--\r\n`, 'multipart/form-data; boundary="x"', 413],
  ])("that is %s is refused with a sentence", async (_name, body, type, status) => {
    for (const path of ["/sign-in", "/sign-in.data", "/theme", "/forgot-password"]) {
      const problem = await jsonOf<{ detail: string }>(await send(path, body, type), status);
      expect(problem.detail).toMatch(/\.$/);
    }
  });

  it("comes to its page in both encodings, and without a body as one without fields", async () => {
    const read = async (init: RequestInit) => {
      const form = await (
        await withForm(new Request("http://localhost:8787/sign-in", { method: "POST", ...init }))
      ).formData();
      return Object.fromEntries(form);
    };
    const whole = new FormData();
    for (const [name, value] of Object.entries(signIn)) whole.set(name, value);
    const headers = { "Content-Type": "multipart/form-data; boundary=x" };
    expect(await read({ body: new URLSearchParams(signIn) })).toEqual(signIn);
    expect(await read({ body: whole })).toEqual(signIn);
    expect(await read({ body: `${parts.join("")}--x--\r\n`, headers })).toEqual(signIn);
    expect(await read({})).toEqual({});
  });
});

describe("a form of the API", () => {
  it("is counted before it is parsed, too", async () => {
    const { token } = await signUp();
    const response = await call("POST", "/api/v1/conversations/import", {
      token,
      body: `${field("a", "").repeat(100_000)}--x--\r\n`,
      headers: { "Content-Type": "multipart/form-data; boundary=x" },
    });
    expect(await jsonOf(response, 413)).toMatchObject({ detail: expect.stringContaining("1,000 fields") });
  });
});
