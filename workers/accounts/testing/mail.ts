import { expect } from "vitest";
import { call, jsonOf } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";

interface OutboxMail {
  subject: string;
  text: string;
}

/** What was mailed to an address, newest first. */
export async function mailsTo(email: string): Promise<OutboxMail[]> {
  const path = `/api/v1/outbox?to=${encodeURIComponent(email)}`;
  return (await jsonOf<{ data: OutboxMail[] }>(await call("GET", path), 200)).data;
}

/** The token in the newest mail to `email` whose subject matches; waits for one that is sent after the answer. */
export async function mailedToken(email: string, subject: RegExp): Promise<string> {
  const mail = await eventually(async () => {
    const found = (await mailsTo(email)).find((each) => subject.test(each.subject));
    expect(found, `a mail to ${email}`).toBeDefined();
    return found;
  });
  return mail?.text.match(/\?token=([\w-]+)/)?.[1] ?? "";
}
