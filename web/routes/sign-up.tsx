import { Form, Link, redirect, useNavigation, useSearchParams } from "react-router";
import { fieldError } from "../../client/api-problem.ts";
import { sameSitePath } from "../../workers/platform/redirect-contract.ts";
import { api, attempt, need, redirectWithCookies, refused } from "../api.server.ts";
import { AgreeField } from "../shell/agree-field.tsx";
import { ProviderButtons } from "../shell/provider-buttons.tsx";
import { SignCard } from "../shell/sign-card.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import type { Route } from "./+types/sign-up.ts";

export const meta = () => [{ title: "Sign up · Understudy" }];

const nextOf = (request: Request) => sameSitePath(new URL(request.url).searchParams.get("next"), "/clones");

export async function loader({ request, context }: Route.LoaderArgs) {
  const me = await attempt(api({ request, context }).api.v1.me.$get());
  if (me.ok) throw redirect(nextOf(request));
  const { v1 } = api({ request, context }).api;
  const [providers, policy] = await Promise.all([need(request, v1.auth.oauth.$get()), need(request, v1.policy.$get())]);
  return { providers: providers.data, policy, next: nextOf(request) };
}

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData();
  const accepted = form.get("accept_policy");
  const json = {
    name: String(form.get("name") ?? ""),
    email: String(form.get("email") ?? "").trim(),
    password: String(form.get("password") ?? ""),
    ...(accepted === null ? {} : { accept_policy: String(accepted) }),
  };
  const signedUp = await attempt(api({ request, context }).api.v1.auth.register.$post({ json }));
  return signedUp.ok ? redirectWithCookies(nextOf(request), signedUp.headers) : refused(signedUp.problem);
}

export default function SignUp({ actionData, loaderData }: Route.ComponentProps) {
  const busy = useNavigation().state !== "idle";
  const [search] = useSearchParams();
  const problem = actionData?.problem;
  return (
    <SignCard
      title="Make your first clone"
      lead="An account takes half a minute. Your documents stay yours."
      footer={
        <>
          Have an account?{" "}
          <Link to={`/sign-in?${search}`} className="font-medium text-accent underline underline-offset-4">
            Sign in
          </Link>
        </>
      }
    >
      <Form method="post" className="flex flex-col gap-5" noValidate>
        <ProblemNotice problem={problem} fields={["name", "email", "password", "accept_policy"]} />
        <TextField
          label="Your name"
          name="name"
          autoComplete="name"
          required
          autoFocus
          error={fieldError(problem, "name")}
        />
        <TextField
          label="E-mail"
          name="email"
          type="email"
          autoComplete="email"
          required
          error={fieldError(problem, "email")}
        />
        <PasswordField
          label="Password"
          name="password"
          autoComplete="new-password"
          hint="At least 12 characters. A short sentence is easy to remember."
          required
          error={fieldError(problem, "password")}
        />
        <AgreeField policy={loaderData.policy} error={fieldError(problem, "accept_policy")} />
        <Button type="submit" look="primary" size="large" busy={busy} className="mt-1">
          Create account
        </Button>
      </Form>
      <ProviderButtons providers={loaderData.providers} next={loaderData.next} />
    </SignCard>
  );
}
