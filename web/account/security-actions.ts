import { encode } from "uqr";
import type { ApiProblem } from "../../client/api-problem.ts";
import type { api } from "../api.server.ts";
import { attempt } from "../api.server.ts";

type Auth = ReturnType<typeof api>["api"]["v1"]["auth"];

/** What the security page learns from one of its forms. */
export interface Outcome {
  intent: string;
  problem?: ApiProblem;
  /** What was done, in a sentence. */
  done?: string;
  /** A secret that waits for its first code. */
  pending?: { secret: string; url: string; qr: QrCode };
  /** Shown this once. */
  recoveryCodes?: string[];
}

/** Dark squares by rows, as an SVG path over a square of `size`. */
export interface QrCode {
  size: number;
  path: string;
}

function qrCode(text: string): QrCode {
  const { data, size } = encode(text, { ecc: "M", border: 2 });
  const squares = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")));
  return { size, path: squares.join("") };
}

const text = (form: FormData, name: string) => String(form.get(name) ?? "");
const pendingOf = (secret: string, url: string) => ({ secret, url, qr: qrCode(url) });

/** What each form of the security page does, by its `intent`. */
export const securityActions: Record<string, (auth: Auth, form: FormData) => Promise<Omit<Outcome, "intent">>> = {
  async verification(auth) {
    const sent = await attempt(auth.email.verification.$post());
    return sent.ok ? { done: "A link is on its way to your address." } : { problem: sent.problem };
  },
  async email(auth, form) {
    const json = { email: text(form, "email").trim(), password: text(form, "password") };
    const sent = await attempt(auth.email.change.$post({ json }));
    return sent.ok ? { done: `Open the link that was mailed to ${json.email}.` } : { problem: sent.problem };
  },
  async password(auth, form) {
    const json = { current_password: text(form, "current_password"), new_password: text(form, "new_password") };
    const set = await attempt(auth.password.change.$put({ json }));
    return set.ok ? { done: "Your password is changed. Everything else was signed out." } : { problem: set.problem };
  },
  async "two-factor-setup"(auth, form) {
    const password = text(form, "password");
    const made = await attempt(auth["2fa"].setup.$post({ json: password ? { password } : {} }));
    return made.ok ? { pending: pendingOf(made.value.secret, made.value.otpauth_url) } : { problem: made.problem };
  },
  async "two-factor-confirm"(auth, form) {
    const on = await attempt(auth["2fa"].verify.$post({ json: { code: text(form, "code") } }));
    const pending = pendingOf(text(form, "secret"), text(form, "url"));
    if (!on.ok) return { problem: on.problem, pending };
    return "recovery_codes" in on.value ? { recoveryCodes: on.value.recovery_codes } : {};
  },
  async "two-factor-codes"(auth, form) {
    const renewed = await attempt(auth["2fa"]["recovery-codes"].$post({ json: { code: text(form, "code") } }));
    return renewed.ok ? { recoveryCodes: renewed.value.recovery_codes } : { problem: renewed.problem };
  },
  async "two-factor-off"(auth, form) {
    const json = { password: text(form, "password"), code: text(form, "code") };
    const off = await attempt(auth["2fa"].disable.$post({ json }));
    return off.ok ? { done: "Two-factor authentication is off." } : { problem: off.problem };
  },
  async session(auth, form) {
    const ended = await attempt(auth.sessions[":id"].$delete({ param: { id: text(form, "id") } }));
    return ended.ok ? { done: "That device was signed out." } : { problem: ended.problem };
  },
  async sessions(auth) {
    const ended = await attempt(auth.sessions.$delete());
    return ended.ok ? { done: "Everything else was signed out." } : { problem: ended.problem };
  },
};
