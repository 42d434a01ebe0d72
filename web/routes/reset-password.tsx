import { Form, Link, useNavigation, useSearchParams } from "react-router";
import { fieldError } from "../../client/api-problem.ts";
import { api, attempt, redirectWithCookies, refused } from "../api.server.ts";
import { SignCard } from "../shell/sign-card.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import type { Route } from "./+types/reset-password.ts";

export const meta = () => [
  { title: "Choose a new password · Understudy" },
  { name: "referrer", content: "no-referrer" },
];

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData();
  const token = new URL(request.url).searchParams.get("token") ?? "";
  const json = { token, password: String(form.get("password") ?? "") };
  const { auth } = api({ request, context }).api.v1;
  const set = await attempt(auth.password.reset.confirm.$post({ json }));
  return set.ok ? redirectWithCookies("/sign-in?password=new", set.headers) : refused(set.problem);
}

export default function ResetPassword({ actionData }: Route.ComponentProps) {
  const busy = useNavigation().state !== "idle";
  const [search] = useSearchParams();
  const problem = actionData?.problem;
  const dead = search.get("token") ? fieldError(problem, "token") : "This link is not whole. Open it from the mail.";
  return (
    <SignCard
      title="Choose a new password"
      lead="Everything that is signed in now will be signed out."
      footer={
        <Link to="/sign-in" className="font-medium text-accent underline underline-offset-4">
          Back to sign-in
        </Link>
      }
    >
      {dead ? (
        <div className="flex flex-col gap-5">
          <Notice tone="danger">{dead}</Notice>
          <ButtonLink to="/forgot-password" look="primary" size="large">
            Ask for a new link
          </ButtonLink>
        </div>
      ) : (
        <Form method="post" className="flex flex-col gap-5" noValidate>
          <ProblemNotice problem={problem} fields={["password"]} />
          <PasswordField
            label="New password"
            name="password"
            autoComplete="new-password"
            hint="At least 12 characters. A short sentence is easy to remember."
            required
            autoFocus
            error={fieldError(problem, "password")}
          />
          <Button type="submit" look="primary" size="large" busy={busy} className="mt-1">
            Set password
          </Button>
        </Form>
      )}
    </SignCard>
  );
}
