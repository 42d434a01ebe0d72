import { data, redirect } from "react-router";
import { ErasureSection } from "../account/erasure-section.tsx";
import { ExportSection } from "../account/export-section.tsx";
import type { Outcome } from "../account/security-actions.ts";
import { api, attempt, need, signInPath } from "../api.server.ts";
import type { Route } from "./+types/account-data.ts";

export const meta = () => [{ title: "Your data · Understudy" }];

export async function loader({ request, context }: Route.LoaderArgs) {
  const { v1 } = api({ request, context }).api;
  const [me, twoFactor] = await Promise.all([need(request, v1.me.$get()), need(request, v1.auth["2fa"].$get())]);
  return { email: me.user.email, needsCode: twoFactor.enabled };
}

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData();
  if (form.get("intent") !== "erasure") throw data(null, { status: 400 });
  const code = String(form.get("code") ?? "").trim();
  const json = { password: String(form.get("password") ?? ""), ...(code ? { code } : {}) };
  const closed = await attempt(api({ request, context }).api.v1.me.erasure.$post({ json }));
  if (closed.ok) throw redirect(`/erased/${closed.value.token}`);
  if (closed.problem.status === 401) throw redirect(signInPath(request));
  const outcome: Outcome = { intent: "erasure", problem: closed.problem };
  return data(outcome, { status: closed.problem.status });
}

export default function AccountData({ loaderData }: Route.ComponentProps) {
  return (
    <div className="flex flex-col gap-5">
      <ExportSection />
      <ErasureSection email={loaderData.email} needsCode={loaderData.needsCode} />
    </div>
  );
}
