import { data, Form, useNavigation, useSearchParams } from "react-router";
import { api, attempt } from "../api.server.ts";
import { useRootData } from "../root-data.ts";
import { SignCard } from "../shell/sign-card.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import type { Route } from "./+types/verify-email.ts";

export const meta = () => [
  { title: "Confirm your address · Understudy" },
  { name: "referrer", content: "no-referrer" },
];

// A button, as programs that look into mails open every link in them.
export async function action({ request, context }: Route.ActionArgs) {
  const token = new URL(request.url).searchParams.get("token") ?? "";
  const done = await attempt(api({ request, context }).api.v1.auth.email.verify.$post({ json: { token } }));
  if (done.ok) return data({ email: done.value.user.email, problem: null });
  return data({ email: null, problem: done.problem }, { status: done.problem.status });
}

export default function VerifyEmail({ actionData }: Route.ComponentProps) {
  const busy = useNavigation().state !== "idle";
  const [search] = useSearchParams();
  const user = useRootData()?.user;
  const problem =
    actionData?.problem?.detail ?? (search.get("token") ? null : "This link is not whole. Open it from the mail.");
  const on = user ? (
    <ButtonLink to={actionData?.email ? "/clones" : "/account"} look="primary" size="large">
      {actionData?.email ? "Go on" : "Ask for a new link"}
    </ButtonLink>
  ) : (
    <ButtonLink to="/sign-in" look="primary" size="large">
      Sign in
    </ButtonLink>
  );
  return (
    <SignCard title="Confirm your address" lead="So that we can reach you, and only you.">
      {actionData?.email ? (
        <div className="flex flex-col gap-5">
          <Notice tone="good">
            <strong className="[overflow-wrap:anywhere]">{actionData.email}</strong> is confirmed.
          </Notice>
          {on}
        </div>
      ) : problem ? (
        <div className="flex flex-col gap-5">
          <Notice tone="danger">{problem}</Notice>
          {on}
        </div>
      ) : (
        <Form method="post" className="flex flex-col gap-5">
          <p>Press the button to confirm that the address is yours.</p>
          <Button type="submit" look="primary" size="large" busy={busy}>
            Confirm address
          </Button>
        </Form>
      )}
    </SignCard>
  );
}
