import { data, Form, Link, redirect, useNavigation, useSearchParams } from "react-router";
import { type ApiProblem, fieldError, isAllFields } from "../../client/api-problem.ts";
import { codeCookie } from "../../workers/accounts/providers/oauth-cookies.ts";
import { sameSitePath } from "../../workers/platform/redirect-contract.ts";
import { PasskeySignIn } from "../account/passkey-sign-in.tsx";
import { api, attempt, need, redirectWithCookies } from "../api.server.ts";
import { CodeStep } from "../shell/code-step.tsx";
import { ProviderButtons, ProviderProblem } from "../shell/provider-buttons.tsx";
import { SignCard } from "../shell/sign-card.tsx";
import { SsoForm } from "../shell/sso-form.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import type { Route } from "./+types/sign-in.ts";

export const meta = () => [{ title: "Sign in · Understudy" }];

const nextOf = (request: Request) => sameSitePath(new URL(request.url).searchParams.get("next"), "/clones");

export async function loader({ request, context }: Route.LoaderArgs) {
  const me = await attempt(api({ request, context }).api.v1.me.$get());
  if (me.ok) throw redirect(nextOf(request));
  const providers = await need(request, api({ request, context }).api.v1.auth.oauth.$get());
  const isCode = new URL(request.url).searchParams.get("step") === "code";
  const token = isCode ? waitingCode(request.headers.get("Cookie")) : null;
  return { providers: providers.data, next: nextOf(request), token };
}

/** The token of a sign-in by a provider that waits for its code. Only the browser of that sign-in has it. */
function waitingCode(cookies: string | null): string | null {
  const of = (name: string) => cookies?.match(new RegExp(`(?:^|;\\s*)${name}=([\\w.-]+)`))?.[1];
  return of(`__Host-${codeCookie}`) ?? of(codeCookie) ?? null;
}

/** What the form shows next: `token` where the password was right and a code is missing, `leadsTo` where another site signs them in. */
function show(token: string | null, problem: ApiProblem | null, leadsTo: string | null = null) {
  return data({ token, problem, leadsTo }, { status: problem?.status ?? 200 });
}

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData();
  const { auth } = api({ request, context }).api.v1;
  const token = String(form.get("token") ?? "");
  if (token) {
    const json = { two_factor_token: token, code: String(form.get("code") ?? "") };
    const opened = await attempt(auth["2fa"].verify.$post({ json }));
    if (opened.ok) return redirectWithCookies(nextOf(request), opened.headers);
    return show(opened.problem.status === 401 ? null : token, opened.problem);
  }
  const email = String(form.get("email") ?? "").trim();
  if (form.get("way") === "sso") {
    const found = await attempt(auth.sso.$post({ json: { email, return_to: nextOf(request) } }));
    if (!found.ok) return show(null, found.problem);
    // A path of this site, as it is called here.
    const { pathname, search } = new URL(found.value.url);
    return show(null, null, pathname + search);
  }
  const json = { email, password: String(form.get("password") ?? "") };
  const signedIn = await attempt(auth.login.$post({ json }));
  if (!signedIn.ok) return show(null, signedIn.problem);
  if ("two_factor_required" in signedIn.value) return show(signedIn.value.two_factor_token, null);
  return redirectWithCookies(nextOf(request), signedIn.headers);
}

const linkClass = "font-medium text-accent underline underline-offset-4";

export default function SignIn({ actionData, loaderData }: Route.ComponentProps) {
  const busy = useNavigation().state !== "idle";
  const [search] = useSearchParams();
  const problem = actionData?.problem ?? null;
  const general = problem && !isAllFields(problem, ["email", "password", "code"]) ? problem.detail : null;
  // Once a code was sent, what came of it counts.
  const token = actionData ? actionData.token : loaderData.token;
  if (token) {
    const others = new URLSearchParams(search);
    others.delete("step");
    return <CodeStep token={token} problem={problem} back={`/sign-in?${others}`} />;
  }
  const others = `/sign-in?${new URLSearchParams({ next: loaderData.next })}`;
  if (search.get("step") === "sso") {
    return <SsoForm problem={problem} busy={busy} others={others} leadsTo={actionData?.leadsTo ?? null} />;
  }
  return (
    <SignCard
      title="Welcome back"
      lead="Sign in to your clones and conversations."
      footer={
        <>
          No account yet?{" "}
          <Link to={`/sign-up?next=${encodeURIComponent(loaderData.next)}`} className={linkClass}>
            Sign up
          </Link>
        </>
      }
    >
      <Form key="password" method="post" className="flex flex-col gap-5" noValidate>
        {general && <Notice tone="danger">{general}</Notice>}
        {!problem && <ProviderProblem problem={search.get("problem")} />}
        {!problem && search.get("password") === "new" && (
          <Notice tone="good">Your new password is set. Sign in with it.</Notice>
        )}
        <TextField
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username webauthn"
          required
          autoFocus
          error={fieldError(problem, "email")}
        />
        <PasswordField
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          error={fieldError(problem, "password")}
        />
        <Button type="submit" look="primary" size="large" busy={busy} className="mt-1">
          Sign in
        </Button>
        <PasskeySignIn next={loaderData.next} />
        <Link to="/forgot-password" className="self-center text-ink-soft text-sm underline underline-offset-4">
          Forgot your password?
        </Link>
      </Form>
      <ProviderButtons providers={loaderData.providers} next={loaderData.next} />
    </SignCard>
  );
}
