import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { mailedToken, mailsTo } from "../testing/mail.ts";

interface Me {
  user: { email: string; email_verified: boolean };
}

const me = async (token: string) => (await jsonOf<Me>(await call("GET", "/api/v1/me", { token }), 200)).user;
const verify = (token: string) => call("POST", "/api/v1/auth/email/verify", { json: { token } });
const change = (token: string, email: string, password = "correct horse battery staple") =>
  call("POST", "/api/v1/auth/email/change", { token, json: { email, password } });

describe("e-mail addresses", () => {
  it("are confirmed by the link that sign-up mails, once", async () => {
    const { email, token } = await signUp();
    expect((await me(token)).email_verified).toBe(false);
    const mailed = await mailedToken(email, /Confirm your e-mail/);
    expect((await verify(mailed)).status).toBe(200);
    expect((await me(token)).email_verified).toBe(true);
    expect((await verify(mailed)).status).toBe(422);
    expect((await call("POST", "/api/v1/auth/email/verification", { token })).status).toBe(202);
    expect(await mailsTo(email)).toHaveLength(1);
  });

  it("get another link on demand, a few times an hour", async () => {
    const { email, token } = await signUp();
    const statuses: number[] = [];
    for (let round = 0; round < 5; round++) {
      statuses.push((await call("POST", "/api/v1/auth/email/verification", { token })).status);
    }
    expect(statuses).toEqual([202, 202, 202, 202, 429]);
    expect(await mailsTo(email)).toHaveLength(5);
  });

  it("change once the new one is confirmed, and the old one hears of it", async () => {
    const { email, token } = await signUp();
    expect((await change(token, "new@example.com", "not the password")).status).toBe(422);
    expect((await change(token, "NEW@example.com")).status).toBe(202);
    expect((await me(token)).email).toBe(email);
    expect((await verify(await mailedToken("new@example.com", /new e-mail/))).status).toBe(200);
    expect(await me(token)).toMatchObject({ email: "new@example.com", email_verified: true });
    expect((await mailsTo(email))[0]?.subject).toBe("Your e-mail address was changed");
  });

  it("do not tell whether somebody has them, and cannot be taken from who has", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const taken = await change(eve.token, ada.email);
    const free = await change(eve.token, "free@example.com");
    expect(taken.status).toBe(202);
    expect(await taken.text()).toBe(await free.text());
    expect((await mailsTo(ada.email)).map(({ subject }) => subject)).toEqual(["Confirm your e-mail address"]);
    // Somebody signs up with it before the link is opened.
    const token = await mailedToken("free@example.com", /new e-mail/);
    await env.DB.prepare("UPDATE users SET email = 'free@example.com' WHERE email = ?").bind(ada.email).run();
    expect((await verify(token)).status).toBe(422);
    expect((await me(eve.token)).email).toBe(eve.email);
  });

  it("end the links that wait in the old mailbox", async () => {
    const { email, token } = await signUp();
    await call("POST", "/api/v1/auth/password/reset", { json: { email } });
    const reset = await mailedToken(email, /new password/);
    await change(token, "new@example.com");
    await verify(await mailedToken("new@example.com", /new e-mail/));
    const json = { token: reset, password: "purple otters juggling teacups" };
    expect((await call("POST", "/api/v1/auth/password/reset/confirm", { json })).status).toBe(422);
  });
});
