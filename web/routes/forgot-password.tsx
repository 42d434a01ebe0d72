import { data, Form, Link, useNavigation } from "react-router";
import { fieldError } from "../../client/api-problem.ts";
import { api, attempt } from "../api.server.ts";
import { SignCard } from "../shell/sign-card.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import type { Route } from "./+types/forgot-password.ts";

export const meta = () => [{ title: "Forgot password · Understudy" }];

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData();
  const json = { email: String(form.get("email") ?? "").trim() };
  const asked = await attempt(api({ request, context }).api.v1.auth.password.reset.$post({ json }));
  if (asked.ok) return data({ sentTo: json.email, problem: null });
  return data({ sentTo: null, problem: asked.problem }, { status: asked.problem.status });
}

export default function ForgotPassword({ actionData }: Route.ComponentProps) {
  const busy = useNavigation().state !== "idle";
  const problem = actionData?.problem;
  return (
    <SignCard
      title="Forgot your password?"
      lead="We mail you a link to choose a new one."
      footer={
        <Link to="/sign-in" className="font-medium text-accent underline underline-offset-4">
          Back to sign-in
        </Link>
      }
    >
      {actionData?.sentTo ? (
        <Notice tone="good">
          If there is an account for <strong className="[overflow-wrap:anywhere]">{actionData.sentTo}</strong>, a link
          is on its way. It works once, for an hour.
        </Notice>
      ) : (
        <Form method="post" className="flex flex-col gap-5" noValidate>
          <ProblemNotice problem={problem} fields={["email"]} />
          <TextField
            label="E-mail"
            name="email"
            type="email"
            autoComplete="username"
            required
            autoFocus
            error={fieldError(problem, "email")}
          />
          <Button type="submit" look="primary" size="large" busy={busy} className="mt-1">
            Send link
          </Button>
        </Form>
      )}
    </SignCard>
  );
}
