import { data, Form, Link, redirect, useNavigation } from "react-router";
import { type ApiProblem, fieldError } from "../../client/api-problem.ts";
import { sameSitePath } from "../../workers/platform/redirect-contract.ts";
import { api, attempt, need, redirectWithCookies } from "../api.server.ts";
import { AgreeField } from "../shell/agree-field.tsx";
import { CodeStep } from "../shell/code-step.tsx";
import { SignCard } from "../shell/sign-card.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import type { Route } from "./+types/sign-in-ldap.ts";

export const meta = () => [{ title: "Sign in · Understudy" }];

const nextOf = (request: Request) => sameSitePath(new URL(request.url).searchParams.get("next"), "/clones");

export async function loader({ request, context }: Route.LoaderArgs) {
  const next = nextOf(request);
  const me = await attempt(api({ request, context }).api.v1.me.$get());
  if (me.ok) throw redirect(next);
  const { v1 } = api({ request, context }).api;
  const [providers, policy] = await Promise.all([need(request, v1.auth.oauth.$get()), need(request, v1.policy.$get())]);
  const directory = providers.data.find(({ kind }) => kind === "password");
  const back = `/sign-in?${new URLSearchParams({ next })}`;
  if (!directory) throw redirect(back);
  return { name: directory.name, back, policy };
}

/** What the form shows next: `token` where the password was right and a code is missing. */
function show(token: string | null, problem: ApiProblem | null, username: string) {
  return data({ token, problem, username }, { status: problem?.status ?? 200 });
}

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData();
  const accepted = form.get("accept_policy");
  const json = {
    username: String(form.get("username") ?? ""),
    password: String(form.get("password") ?? ""),
    ...(accepted === null ? {} : { accept_policy: String(accepted) }),
  };
  const signedIn = await attempt(api({ request, context }).api.v1.auth.ldap.$post({ json }));
  if (!signedIn.ok) return show(null, signedIn.problem, json.username);
  const answer = signedIn.value;
  if ("two_factor_required" in answer) return show(answer.two_factor_token, null, json.username);
  return redirectWithCookies(nextOf(request), signedIn.headers);
}

export default function SignInLdap({ actionData, loaderData }: Route.ComponentProps) {
  const busy = useNavigation().state !== "idle";
  const { name, back, policy } = loaderData;
  if (actionData?.token) return <CodeStep token={actionData.token} problem={null} back={back} action={back} />;
  const problem = actionData?.problem;
  return (
    <SignCard
      title={`Sign in with ${name}`}
      lead="Use the name and password that you have there."
      footer={
        <Link to={back} className="font-medium text-accent underline underline-offset-4">
          Sign in another way
        </Link>
      }
    >
      <Form method="post" className="flex flex-col gap-5" noValidate>
        <ProblemNotice problem={problem} fields={["username", "password", "accept_policy"]} />
        <TextField
          label="Name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          defaultValue={actionData?.username}
          required
          autoFocus
          error={fieldError(problem, "username")}
        />
        <PasswordField
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          error={fieldError(problem, "password")}
        />
        {/* Who has an account is not asked; who turns out to have none is. */}
        {fieldError(problem, "accept_policy") && (
          <AgreeField policy={policy} error={fieldError(problem, "accept_policy")} />
        )}
        <Button type="submit" look="primary" size="large" busy={busy} className="mt-1">
          Sign in
        </Button>
      </Form>
    </SignCard>
  );
}
