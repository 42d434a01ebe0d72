import { data, Form, redirect, useNavigation } from "react-router";
import { fieldError } from "../../client/api-problem.ts";
import { may } from "../../workers/workspaces/roles.ts";
import { api, attempt, need } from "../api.server.ts";
import { useRootData } from "../root-data.ts";
import { Page } from "../shell/page.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { EraseWorkspace } from "../workspaces/erase-workspace.tsx";
import { ExportWorkspace } from "../workspaces/export-workspace.tsx";
import { Invitations } from "../workspaces/invitations.tsx";
import { LeaveWorkspace } from "../workspaces/leave-workspace.tsx";
import { Members } from "../workspaces/members.tsx";
import { RetentionSection } from "../workspaces/retention.tsx";
import { roleNames } from "../workspaces/role-names.ts";
import { Section } from "../workspaces/section.tsx";
import { SingleSignOn } from "../workspaces/sso-section.tsx";
import type { Route } from "./+types/workspace.ts";

export const meta = ({ loaderData }: Route.MetaArgs) => [
  { title: `${loaderData?.workspace.name ?? "Workspace"} · Understudy` },
];

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const one = api({ request, context }).api.v1.workspaces[":id"];
  const param = { id: params.workspaceId };
  const workspace = await need(request, one.$get({ param }));
  const isShared = workspace.kind === "team";
  const canInvite = isShared && may(workspace.role, "invitation.read");
  const { v1 } = api({ request, context }).api;
  const mayErase = isShared && may(workspace.role, "workspace.delete");
  const mayReadSso = isShared && may(workspace.role, "sso.read");
  const [members, invitations, sso, retention, me, twoFactor] = await Promise.all([
    need(request, one.members.$get({ param, query: { limit: "100" } })),
    canInvite ? need(request, one.invitations.$get({ param, query: { limit: "100" } })) : null,
    mayReadSso ? need(request, one.sso.$get({ param })) : null,
    may(workspace.role, "retention.read") ? need(request, one.retention.$get({ param })) : null,
    mayErase ? need(request, v1.me.$get()) : null,
    mayErase ? need(request, v1.auth["2fa"].$get()) : null,
  ]);
  const erasure = me && twoFactor ? { email: me.user.email, needsCode: twoFactor.enabled } : null;
  return { workspace, members, invitations, sso, retention, erasure };
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const form = await request.formData();
  const one = api({ request, context }).api.v1.workspaces[":id"];
  const param = { id: params.workspaceId };
  const intent = form.get("intent");
  if (intent === "leave") {
    const gone = await attempt(one.leave.$post({ param }));
    if (gone.ok) throw redirect("/clones");
    return data({ saved: false, intent, problem: gone.problem }, { status: gone.problem.status });
  }
  if (intent === "erasure") {
    const code = String(form.get("code") ?? "").trim();
    const json = { password: String(form.get("password") ?? ""), ...(code ? { code } : {}) };
    const closed = await attempt(one.erasure.$post({ param, json }));
    if (closed.ok) throw redirect(`/erased/${closed.value.token}`);
    return data({ saved: false, intent, problem: closed.problem }, { status: closed.problem.status });
  }
  const renamed = await attempt(one.$patch({ param, json: { name: String(form.get("name") ?? "") } }));
  if (renamed.ok) return data({ saved: true, intent: "name", problem: null });
  return data({ saved: false, intent: "name", problem: renamed.problem }, { status: renamed.problem.status });
}

export default function WorkspacePage({ loaderData, actionData }: Route.ComponentProps) {
  const { workspace, members, invitations, sso, retention, erasure } = loaderData;
  const selfId = useRootData()?.user?.id ?? "";
  const busy = useNavigation().formData?.has("name") ?? false;
  const problem = actionData?.intent === "name" ? actionData.problem : null;
  const isShared = workspace.kind === "team";
  return (
    <Page width="narrow" className="flex flex-col gap-5">
      <div>
        <h1 className="display text-4xl [overflow-wrap:anywhere]">{workspace.name}</h1>
        <p className="mt-2 flex flex-wrap items-center gap-2 text-ink-soft">
          <Badge tone={workspace.role === "owner" ? "good" : "plain"}>{roleNames[workspace.role]}</Badge>
          {isShared
            ? "What is in it belongs to everybody in it. Its owner can take out all of it, conversations too."
            : "Your own: nobody else is let in."}
        </p>
      </div>
      {isShared ? (
        <Section title="People">
          <Members workspace={workspace} selfId={selfId} members={members} />
        </Section>
      ) : (
        <Section
          title="Work with others"
          lead="A shared workspace has clones and documents that several people look after."
        >
          <ButtonLink to="/workspaces/new" look="primary">
            Make a shared workspace
          </ButtonLink>
        </Section>
      )}
      {invitations && (
        <Section title="Invite" lead="They join by a link, signed in with the address that you invite.">
          <Invitations workspace={workspace} invitations={invitations} />
        </Section>
      )}
      {sso && <SingleSignOn workspace={workspace} connections={sso.data} />}
      {may(workspace.role, "workspace.rename") && (
        <Section title="Name">
          <Form method="post" noValidate className="flex flex-wrap items-start gap-3">
            <TextField
              key={workspace.name}
              label="Name of the workspace"
              name="name"
              defaultValue={workspace.name}
              maxLength={80}
              className="min-w-0 flex-1 basis-56 max-sm:basis-full"
              error={fieldError(problem, "name")}
            />
            <Button type="submit" busy={busy} className="h-11 max-sm:w-full sm:mt-[1.625rem]">
              Rename
            </Button>
          </Form>
          <p role="status" className="mt-2 text-ink-soft text-sm empty:hidden">
            {actionData?.saved && !busy ? "Saved." : ""}
          </p>
        </Section>
      )}
      {retention && <RetentionSection workspace={workspace} retention={retention} />}
      {may(workspace.role, "workspace.export") && <ExportWorkspace workspace={workspace} />}
      {erasure && <EraseWorkspace {...erasure} />}
      {isShared && !erasure && <LeaveWorkspace workspace={workspace} />}
    </Page>
  );
}
