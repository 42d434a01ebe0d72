import { Form, Link, redirect, useNavigation } from "react-router";
import { fieldError } from "../../client/api-problem.ts";
import { agreementCookie } from "../../workers/accounts/providers/oauth-cookies.ts";
import { sameSitePath } from "../../workers/platform/redirect-contract.ts";
import { api, attempt, need, redirectWithCookies, refused } from "../api.server.ts";
import { AgreeField } from "../shell/agree-field.tsx";
import { SignCard } from "../shell/sign-card.tsx";
import { Button } from "../ui/button.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import type { Route } from "./+types/agree.ts";

export const meta = () => [{ title: "Terms and privacy · Understudy" }, { name: "robots", content: "noindex" }];

const nextOf = (request: Request) => sameSitePath(new URL(request.url).searchParams.get("next"), "/clones");

/** The token of a newcomer whom a provider has named. Only the browser of that sign-in has it. */
function waitingToken(request: Request): string | null {
  const cookies = request.headers.get("Cookie");
  const of = (name: string) => cookies?.match(new RegExp(`(?:^|;\\s*)${name}=([\\w.-]+)`))?.[1];
  return of(`__Host-${agreementCookie}`) ?? of(agreementCookie) ?? null;
}

export async function loader({ request, context }: Route.LoaderArgs) {
  const { v1 } = api({ request, context }).api;
  const [policy, me] = await Promise.all([need(request, v1.policy.$get()), attempt(v1.me.$get())]);
  if (me.ok && !me.value.policy_to_accept) throw redirect(nextOf(request));
  if (!me.ok && (policy.version === null || waitingToken(request) === null)) throw redirect("/sign-up");
  return { policy, isNew: !me.ok };
}

export async function action({ request, context }: Route.ActionArgs) {
  const accepted = (await request.formData()).get("accept_policy");
  const version = accepted === null ? undefined : String(accepted);
  const { v1 } = api({ request, context }).api;
  const me = await attempt(v1.me.$get());
  const done = me.ok
    ? await attempt(v1.me.consents.$post({ json: { version: version ?? "" } }))
    : await attempt(
        v1.auth.oauth.agreement.$post({
          json: {
            agreement_token: waitingToken(request) ?? "",
            ...(version === undefined ? {} : { accept_policy: version }),
          },
        }),
      );
  return done.ok ? redirectWithCookies(nextOf(request), done.headers) : refused(done.problem);
}

/** Asks for agreement: of a newcomer whom a provider has named, and of everybody once the terms have changed. */
export default function Agree({ loaderData: { policy, isNew }, actionData }: Route.ComponentProps) {
  const busy = useNavigation().state !== "idle";
  const problem = actionData?.problem;
  const error = fieldError(problem, "accept_policy") ?? fieldError(problem, "version");
  return (
    <SignCard
      title={isNew ? "One more step" : "Before you go on"}
      lead={
        isNew
          ? "Read the terms and the privacy policy. Your account is made when you agree."
          : "The terms or the privacy policy are new. Read them, and agree to go on."
      }
      footer={
        isNew ? (
          <Link to="/sign-in" className="font-medium text-accent underline underline-offset-4">
            Sign in another way
          </Link>
        ) : (
          <>
            You do not agree?{" "}
            <Link to="/account/data" className="font-medium text-accent underline underline-offset-4">
              Take out or erase your data
            </Link>
          </>
        )
      }
    >
      <Form method="post" className="flex flex-col gap-5" noValidate>
        <ProblemNotice problem={problem} fields={["accept_policy", "version"]} />
        <AgreeField policy={policy} error={error} />
        <Button type="submit" look="primary" size="large" busy={busy}>
          {isNew ? "Agree and create account" : "Agree and go on"}
        </Button>
      </Form>
    </SignCard>
  );
}
