import { data, redirect } from "react-router";
import { EmailSection } from "../account/email-section.tsx";
import { PasskeysSection } from "../account/passkeys-section.tsx";
import { PasswordSection } from "../account/password-section.tsx";
import { type Outcome, securityActions } from "../account/security-actions.ts";
import { SessionsSection } from "../account/sessions-section.tsx";
import { TwoFactorSection } from "../account/two-factor-section.tsx";
import { api, need, signInPath } from "../api.server.ts";
import type { Route } from "./+types/account-security.ts";

export const meta = () => [{ title: "Security · Understudy" }];

export async function loader({ request, context }: Route.LoaderArgs) {
  const { v1 } = api({ request, context }).api;
  const [me, passkeys, twoFactor, sessions] = await Promise.all([
    need(request, v1.me.$get()),
    need(request, v1.auth.passkeys.$get()),
    need(request, v1.auth["2fa"].$get()),
    need(request, v1.auth.sessions.$get()),
  ]);
  return { user: me.user, passkeys: passkeys.data, twoFactor, sessions: sessions.data };
}

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData();
  const intent = String(form.get("intent") ?? "");
  const act = Object.hasOwn(securityActions, intent) ? securityActions[intent] : undefined;
  if (!act) throw data(null, { status: 400 });
  const outcome: Outcome = { intent, ...(await act(api({ request, context }).api.v1.auth, form)) };
  if (outcome.problem?.status === 401) throw redirect(signInPath(request));
  return data(outcome, { status: outcome.problem?.status ?? 200 });
}

export default function AccountSecurity({ loaderData }: Route.ComponentProps) {
  const { user, passkeys, twoFactor, sessions } = loaderData;
  return (
    <div className="flex flex-col gap-5">
      <EmailSection user={user} />
      <PasswordSection email={user.email} />
      <PasskeysSection passkeys={passkeys} twoFactor={twoFactor.enabled} />
      <TwoFactorSection enabled={twoFactor.enabled} codesLeft={twoFactor.recovery_codes_left} />
      <SessionsSection sessions={sessions} />
    </div>
  );
}
