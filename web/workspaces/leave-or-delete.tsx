import { SignOutIcon, TrashIcon } from "@primer/octicons-react";
import { useState } from "react";
import { useFetcher } from "react-router";
import { may, type Workspace } from "../../workers/workspaces/contract.ts";
import type { action } from "../routes/workspace.tsx";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Section } from "./section.tsx";

/** The end of a workspace for its owner, or of one's place in it for everybody else. */
export function LeaveOrDelete({ workspace }: { workspace: Workspace }) {
  const [open, setOpen] = useState(false);
  const fetcher = useFetcher<typeof action>();
  const isOwner = may(workspace.role, "workspace.delete");
  const words = isOwner
    ? {
        title: "Delete this workspace",
        lead: "Its clones stop answering at once, for everybody.",
        action: "Delete workspace",
        intent: "delete",
        warning: "Its clones, documents and conversations will be gone for everybody in it. This cannot be undone.",
      }
    : {
        title: "Leave this workspace",
        lead: "What you made stays in it.",
        action: "Leave workspace",
        intent: "leave",
        warning: "Your API keys here end. To come back you need a new invitation.",
      };
  return (
    <Section title={words.title} lead={words.lead}>
      <Button look="danger" onClick={() => setOpen(true)}>
        {isOwner ? <TrashIcon /> : <SignOutIcon />} {words.action}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`${isOwner ? "Delete" : "Leave"} “${workspace.name}”?`}
        action={words.action}
        busy={fetcher.state !== "idle"}
        error={fetcher.data?.problem?.detail ?? null}
        onConfirm={() => fetcher.submit({ intent: words.intent }, { method: "post" })}
      >
        <p>{words.warning}</p>
      </ConfirmDialog>
    </Section>
  );
}
