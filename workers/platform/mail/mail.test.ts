import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import type { ReceivedMail } from "../../../scripts/stand-ins/mail-server.ts";
import { api } from "../../api.ts";
import { call, jsonOf } from "../../testing/client.ts";
import { parseConfig } from "../config/config.ts";
import { createRuntime } from "../runtime.ts";
import { mailHtml, sendMail } from "./mail.ts";

const service = {
  MAIL_API_URL: `${inject("mailStandIn")}/emails`,
  MAIL_API_KEY: "re_test",
  MAIL_FROM: "U <u@example.com>",
};
const production = {
  ENVIRONMENT: "production",
  SCRYPT_COST: "16384",
  APP_URL: "https://understudy.example",
  FETCH_EXEMPT_ORIGINS: "",
  RATE_LIMITS: "on",
  LOG: "quiet",
} as const;
const withService = () => createRuntime({ ...env, ...service, LOG: "quiet" } as Env);
const received = async (to: string) =>
  (await (await fetch(`${inject("mailStandIn")}/_log?to=${to}`)).json<{ data: ReceivedMail[] }>()).data;
const mail = (to: string) => ({ to, subject: "Hello", text: "One\n\nTwo" });

describe("mail", () => {
  it("waits in the outbox of a development server, newest first, for whoever looks", async () => {
    const runtime = createRuntime({ ...env, LOG: "quiet" } as Env);
    await sendMail(runtime, { ...mail("a@example.com"), subject: "First\r\nBcc: eve@example.com" });
    await sendMail(runtime, mail("b@example.com"));
    const all = await jsonOf<{ data: { to: string; subject: string }[] }>(await call("GET", "/api/v1/outbox"), 200);
    expect(all.data.map(({ to }) => to)).toEqual(["b@example.com", "a@example.com"]);
    const hers = await jsonOf<typeof all>(await call("GET", "/api/v1/outbox?to=a@example.com"), 200);
    expect(hers.data).toEqual([expect.objectContaining({ subject: "First Bcc: eve@example.com", text: "One\n\nTwo" })]);
  });

  it("shows no outbox in production, and says there when it cannot send", async () => {
    const bound = { ...env, ...production } as Env;
    const request = new Request("https://understudy.example/api/v1/outbox");
    expect((await api.fetch(request, bound)).status).toBe(404);
    await expect(sendMail(createRuntime(bound), mail("a@example.com"))).rejects.toMatchObject({ code: "not_ready" });
  });

  it("goes through the e-mail service where one is set", async () => {
    await sendMail(withService(), mail("ada@example.com"));
    expect(await received("ada@example.com")).toEqual([
      expect.objectContaining({
        authorization: "Bearer re_test",
        body: expect.objectContaining({ from: "U <u@example.com>", to: ["ada@example.com"], text: "One\n\nTwo" }),
      }),
    ]);
    expect((await jsonOf<{ data: [] }>(await call("GET", "/api/v1/outbox"), 200)).data).toEqual([]);
  });

  it("tries again under the same idempotency key when the service is busy, and not when it refuses", async () => {
    await sendMail(withService(), mail("fail-2@example.com"));
    const attempts = await received("fail-2@example.com");
    expect(attempts.map(({ status }) => status)).toEqual([503, 503, 200]);
    expect(new Set(attempts.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    await expect(sendMail(withService(), mail("refuse@example.com"))).rejects.toThrow("answered 422");
    expect(await received("refuse@example.com")).toHaveLength(1);
  });

  it.each([
    ["<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"],
    ["https://evil.example/x", "<p>https://evil.example/x</p>"],
    ["http://localhost:8787@evil.example", "<p>http://localhost:8787@evil.example</p>"],
    ['http://localhost:8787/"onclick=x', "/&quot;onclick=x</a>"],
    ["http://localhost:8787/a?b=1&c=2", '<a href="http://localhost:8787/a?b=1&amp;c=2">'],
  ])("makes safe HTML of %s", (text, expected) => {
    const html = mailHtml(text, "http://localhost:8787");
    expect(html).toContain(expected);
    expect(html).not.toMatch(/<img|"onclick/);
  });

  it("refuses the start with half of its settings", () => {
    const half = { ...env, ...production, APP_URL: "", MAIL_API_URL: "https://mail.example/emails" };
    const start = () => parseConfig(half);
    expect(start).toThrow(/MAIL_API_KEY is not set[\s\S]*MAIL_FROM is not set[\s\S]*APP_URL is not set/);
  });
});
