import { SignOutIcon } from "@primer/octicons-react";
import { useState } from "react";
import { useFetcher } from "react-router";
import type { Workspace } from "../../workers/workspaces/contract.ts";
import type { action } from "../routes/workspace.tsx";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog/confirm-dialog.tsx";
import { Section } from "./section.tsx";

/** The end of one's place in a workspace, for everybody but its owner. */
export function LeaveWorkspace({ workspace }: { workspace: Workspace }) {
  const [open, setOpen] = useState(false);
  const fetcher = useFetcher<typeof action>();
  return (
    <Section title="Leave this workspace" lead="What you made stays in it.">
      <Button look="danger" onClick={() => setOpen(true)}>
        <SignOutIcon /> Leave workspace
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`Leave “${workspace.name}”?`}
        action="Leave workspace"
        busy={fetcher.state !== "idle"}
        error={fetcher.data?.problem?.detail ?? null}
        onConfirm={() => fetcher.submit({ intent: "leave" }, { method: "post" })}
      >
        <p>Your API keys here end. To come back you need a new invitation.</p>
      </ConfirmDialog>
    </Section>
  );
}
