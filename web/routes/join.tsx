import { Form, Link, useNavigation } from "react-router";
import { api, attempt, need, redirectWithCookies, refused } from "../api.server.ts";
import { useRootData } from "../root-data.ts";
import { SignCard } from "../shell/sign-card.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { roleNames } from "../workspaces/role-names.ts";
import type { Route } from "./+types/join.ts";

export const meta = () => [{ title: "Invitation · Understudy" }, { name: "robots", content: "noindex" }];

/** The link is a secret: it is not told to where its page's links lead. */
export const headers = () => ({ "Referrer-Policy": "no-referrer" });

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { v1 } = api({ request, context }).api;
  return need(request, v1.invitations[":token"].$get({ param: { token: params.token } }));
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { v1 } = api({ request, context }).api;
  const joined = await attempt(v1.invitations[":token"].accept.$post({ param: { token: params.token } }));
  if (!joined.ok) return refused(joined.problem);
  const chosen = await attempt(v1.me.workspace.$put({ json: { workspace_id: joined.value.workspace_id } }));
  return chosen.ok ? redirectWithCookies("/clones", chosen.headers) : refused(chosen.problem);
}

export default function Join({ loaderData: invitation, actionData, params }: Route.ComponentProps) {
  const busy = useNavigation().state !== "idle";
  const user = useRootData()?.user;
  const next = `?next=${encodeURIComponent(`/join/${params.token}`)}`;
  const isOther = user && user.email.toLowerCase() !== invitation.email;
  return (
    <SignCard
      title={`Join ${invitation.workspace}`}
      lead={`${invitation.invited_by} invites ${invitation.email} as ${roleNames[invitation.role].toLowerCase()}.`}
      footer={
        user ? (
          <>You are signed in as {user.email}.</>
        ) : (
          <>
            No account yet?{" "}
            <Link to={`/sign-up${next}`} className="font-medium text-accent underline underline-offset-4">
              Sign up
            </Link>
          </>
        )
      }
    >
      {actionData?.problem && (
        <Notice tone="danger" className="mb-5">
          {actionData.problem.detail}
        </Notice>
      )}
      {isOther ? (
        <Form method="post" action="/sign-out" className="flex flex-col gap-4">
          <p>This invitation is for {invitation.email}. Sign out, then open the link again.</p>
          <Button type="submit" busy={busy}>
            Sign out
          </Button>
        </Form>
      ) : user ? (
        <Form method="post" className="flex flex-col">
          <Button type="submit" look="primary" size="large" busy={busy}>
            Join {invitation.workspace}
          </Button>
        </Form>
      ) : (
        <div className="flex flex-col">
          <ButtonLink to={`/sign-in${next}`} look="primary" size="large">
            Sign in to join
          </ButtonLink>
        </div>
      )}
    </SignCard>
  );
}
