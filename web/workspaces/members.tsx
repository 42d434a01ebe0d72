import { useState } from "react";
import { useRevalidator } from "react-router";
import { problemOf } from "../../client/api-problem.ts";
import { callApi } from "../../client/call-api.ts";
import type { Member, Workspace } from "../../workers/workspaces/contract.ts";
import type { Role } from "../../workers/workspaces/roles.ts";
import { ConfirmDialog } from "../ui/dialog/confirm-dialog.tsx";
import { FailureDialog } from "../ui/dialog/failure-dialog.tsx";
import { ShowOlder } from "../ui/show-older.tsx";
import { useAttempt } from "../use-attempt.ts";
import { type ListPage, useOlder } from "../use-older.ts";
import { MemberRow } from "./member-row.tsx";

interface MembersProps {
  workspace: Workspace;
  selfId: string;
  members: ListPage<Member>;
}

type Asked = { member: Member; what: "remove" | "transfer" };

/** The people of a workspace. */
export function Members({ workspace, selfId, members }: MembersProps) {
  const { revalidate } = useRevalidator();
  const [failure, setFailure] = useState<string | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const { busy, problem, attempt, forget } = useAttempt();
  const path = `/workspaces/${workspace.id}/members`;
  const older = useOlder(members, (cursor) => `${path}?limit=100&cursor=${encodeURIComponent(cursor)}`);

  const change = async (userId: string, json: { role?: Role; suspended?: boolean }) => {
    try {
      await callApi(`${path}/${userId}`, { method: "PATCH", json });
      await revalidate();
    } catch (error) {
      setFailure(problemOf(error).detail);
    }
  };
  const confirm = async ({ member, what }: Asked) => {
    const isDone = await attempt(() =>
      what === "remove"
        ? callApi(`${path}/${member.id}`, { method: "DELETE" })
        : callApi(`/workspaces/${workspace.id}/transfer`, { method: "POST", json: { user_id: member.id } }),
    );
    if (isDone) setAsked(null);
    await revalidate();
  };

  return (
    <>
      <ul aria-label="People" className="divide-y divide-line">
        {older.items.map((member) => (
          <MemberRow
            key={member.id}
            member={member}
            isSelf={member.id === selfId}
            own={workspace.role}
            onRole={(role) => void change(member.id, { role })}
            onSuspend={(suspended) => void change(member.id, { suspended })}
            onRemove={() => setAsked({ member, what: "remove" })}
            onTransfer={() => setAsked({ member, what: "transfer" })}
          />
        ))}
      </ul>
      <ShowOlder older={older} label="Show more people" />
      <FailureDialog problem={failure} onClose={() => setFailure(null)} />
      {asked && (
        <ConfirmDialog
          open
          onOpenChange={(open) => {
            if (open) return;
            forget();
            setAsked(null);
          }}
          title={
            asked.what === "remove"
              ? `Remove ${asked.member.name}?`
              : `Make ${asked.member.name} the owner of “${workspace.name}”?`
          }
          action={asked.what === "remove" ? "Remove" : "Hand over"}
          busy={busy}
          error={problem?.detail ?? null}
          onConfirm={() => void confirm(asked)}
        >
          <p>
            {asked.what === "remove"
              ? "They are out within seconds, and their API keys here end. What they made stays."
              : "You become an admin. Only they can hand it back."}
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
