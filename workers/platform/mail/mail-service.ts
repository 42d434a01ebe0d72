import type { Config } from "../config/config.ts";
import type { CompleteMail } from "./mail.ts";

const timeoutMs = 10_000;
/** Milliseconds before each further attempt. */
const pauses = [200, 1_000];

const isPassing = (status: number) => status === 429 || status >= 500;

/**
 * Hands a mail to an e-mail service that speaks Resend's API: `POST {from, to, subject, text, html}`, with a bearer. Attempts carry
 * one idempotency key, so that a mail whose answer was lost is not sent twice. Throws what the service last said.
 */
export async function sendThroughService(config: Config, { to, ...mail }: CompleteMail): Promise<void> {
  const { MAIL_API_URL = "", MAIL_API_KEY = "", MAIL_FROM = "" } = config;
  const request = {
    method: "POST",
    headers: {
      Authorization: `Bearer ${MAIL_API_KEY}`,
      "Content-Type": "application/json",
      "Idempotency-Key": crypto.randomUUID(),
    },
    body: JSON.stringify({ from: MAIL_FROM, to: [to], ...mail }),
  };
  for (let attempt = 0; ; attempt++) {
    const failure = await post(MAIL_API_URL, request);
    if (!failure) return;
    const pause = failure.passing ? pauses[attempt] : undefined;
    if (pause === undefined) throw failure.error;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function post(url: string, request: RequestInit): Promise<{ error: Error; passing: boolean } | null> {
  try {
    const response = await fetch(url, { ...request, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
    const said = (await response.text()).slice(0, 500);
    if (response.ok) return null;
    const error = new Error(`The e-mail service answered ${response.status}: ${said}`);
    return { error, passing: isPassing(response.status) };
  } catch (cause) {
    return { error: new Error("The e-mail service could not be reached.", { cause }), passing: true };
  }
}
