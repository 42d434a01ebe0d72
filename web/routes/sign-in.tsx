import { Form, Link, redirect, useNavigation, useSearchParams } from "react-router";
import { api, attempt, redirectWithCookies, refused } from "../api.server.ts";
import { fieldError, isAllFields } from "../api-problem.ts";
import { sameSitePath } from "../same-site-path.ts";
import { SignCard } from "../shell/sign-card.tsx";
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
  return null;
}

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData();
  const json = { email: String(form.get("email") ?? "").trim(), password: String(form.get("password") ?? "") };
  const signedIn = await attempt(api({ request, context }).api.v1.auth.login.$post({ json }));
  return signedIn.ok ? redirectWithCookies(nextOf(request), signedIn.headers) : refused(signedIn.problem);
}

export default function SignIn({ actionData }: Route.ComponentProps) {
  const busy = useNavigation().state !== "idle";
  const [search] = useSearchParams();
  const problem = actionData?.problem;
  return (
    <SignCard
      title="Welcome back"
      lead="Sign in to your clones and conversations."
      footer={
        <>
          No account yet?{" "}
          <Link to={`/sign-up?${search}`} className="font-medium text-accent underline underline-offset-4">
            Sign up
          </Link>
        </>
      }
    >
      <Form method="post" className="flex flex-col gap-5" noValidate>
        {problem && !isAllFields(problem, ["email", "password"]) && <Notice tone="danger">{problem.detail}</Notice>}
        <TextField
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
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
      </Form>
    </SignCard>
  );
}
