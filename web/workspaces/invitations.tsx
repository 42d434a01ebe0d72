import { MailIcon, TrashIcon } from "@primer/octicons-react";
import { type FormEvent, useState } from "react";
import { useRevalidator } from "react-router";
import { fieldError } from "../../client/api-problem.ts";
import { callApi, readApi } from "../../client/call-api.ts";
import type { Invitation, Workspace } from "../../workers/workspaces/contract.ts";
import { type Role, rolesGivenBy } from "../../workers/workspaces/roles.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import { NewLink } from "../ui/new-link.tsx";
import { Notice } from "../ui/notice.tsx";
import { ShowOlder } from "../ui/show-older.tsx";
import { When } from "../ui/when.tsx";
import { useAttempt } from "../use-attempt.ts";
import { type ListPage, useOlder } from "../use-older.ts";
import { roleHints, roleNames } from "./role-names.ts";

type Made = Invitation & { url: string; mailed: boolean };

/** Who is invited, and a form to invite others. The link of a new invitation is shown once. */
export function Invitations({ workspace, invitations }: { workspace: Workspace; invitations: ListPage<Invitation> }) {
  const { revalidate } = useRevalidator();
  const path = `/workspaces/${workspace.id}/invitations`;
  const older = useOlder(invitations, (cursor) => `${path}?limit=100&cursor=${encodeURIComponent(cursor)}`);
  const [made, setMade] = useState<Made | null>(null);
  const [role, setRole] = useState<Role>("member");
  const { busy, problem, attempt } = useAttempt();

  const invite = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const json = { email: String(new FormData(form).get("email") ?? "").trim(), role };
    const isDone = await attempt(async () => setMade(await readApi<Made>(path, { method: "POST", json })));
    if (isDone) form.reset();
    await revalidate();
  };
  const revoke = async ({ id }: Invitation) => {
    if (made?.id === id) setMade(null);
    await attempt(() => callApi(`${path}/${id}`, { method: "DELETE" }));
    older.forget();
    await revalidate();
  };
  const emailError = fieldError(problem, "email");

  return (
    <div className="flex flex-col gap-4">
      <form onSubmit={(event) => void invite(event)} noValidate className="flex flex-wrap items-start gap-3">
        <TextField
          label="E-mail"
          name="email"
          type="email"
          autoComplete="off"
          className="min-w-0 flex-1 basis-56 max-sm:basis-full"
          error={emailError}
        />
        <SelectField
          label="Role"
          name="role"
          value={role}
          onChange={(event) => setRole(event.target.value as Role)}
          className="basis-32 max-sm:basis-full"
          options={rolesGivenBy(workspace.role).map((value) => ({ value, label: roleNames[value] }))}
        />
        <Button type="submit" look="primary" busy={busy} className="h-11 max-sm:w-full sm:mt-[1.625rem]">
          <MailIcon /> Invite
        </Button>
      </form>
      <p className="-mt-1 text-ink-faint text-sm">
        {roleNames[role]}: {roleHints[role].toLowerCase()}.
      </p>
      {problem && !emailError && <Notice tone="danger">{problem.detail}</Notice>}
      {made && (
        <NewLink url={made.url}>
          {made.mailed ? `The link was mailed to ${made.email}.` : `Send this link to ${made.email}.`} It works once,
          for seven days.
        </NewLink>
      )}
      {older.items.length > 0 && (
        <ul aria-label="Invitations" className="divide-y divide-line border-line border-t">
          {older.items.map((invitation) => (
            <li key={invitation.id} className="flex items-center gap-3 py-2.5">
              <div className="min-w-0 flex-1">
                <p className="truncate">{invitation.email}</p>
                <p className="text-ink-faint text-sm">
                  {roleNames[invitation.role]} · invited <When iso={invitation.created_at} />
                </p>
              </div>
              <IconButton
                label={`Take back the invitation of ${invitation.email}`}
                onClick={() => void revoke(invitation)}
              >
                <TrashIcon />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <ShowOlder older={older} label="Show more invitations" />
    </div>
  );
}
