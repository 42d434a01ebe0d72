import { useEffect, useRef } from "react";
import { useFetcher, useParams } from "react-router";
import type { Conversation } from "../../workers/chat/contract.ts";
import type { action } from "../routes/conversation-change.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextArea, TextField } from "../ui/field.tsx";

interface ConversationDialogProps {
  conversation: Conversation;
  onClose: () => void;
}

export const changePath = ({ id }: Conversation) => `/chat/${id}/change`;

/** Runs `onDone` when a submission has come back without a problem. */
export function useWhenDone(fetcher: ReturnType<typeof useFetcher<typeof action>>, onDone: () => void) {
  const before = useRef(fetcher.state);
  useEffect(() => {
    if (before.current !== "idle" && fetcher.state === "idle" && !fetcher.data?.problem) onDone();
    before.current = fetcher.state;
  }, [fetcher.state, fetcher.data, onDone]);
}

export function RenameDialog({ conversation, onClose }: ConversationDialogProps) {
  const fetcher = useFetcher<typeof action>();
  useWhenDone(fetcher, onClose);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Rename the conversation">
      <fetcher.Form method="post" action={changePath(conversation)} className="flex flex-col gap-5">
        <input type="hidden" name="intent" value="rename" />
        <TextField
          label="Title"
          name="title"
          autoFocus
          defaultValue={conversation.title}
          maxLength={200}
          required
          error={fetcher.data?.problem?.detail}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={fetcher.state !== "idle"}>
            Rename
          </Button>
        </div>
      </fetcher.Form>
    </Dialog>
  );
}

/** What the model is told in this conversation alone, behind the installation's and the clone's own instructions. */
export function InstructionsDialog({ conversation, onClose }: ConversationDialogProps) {
  const fetcher = useFetcher<typeof action>();
  useWhenDone(fetcher, onClose);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Instructions">
      <fetcher.Form method="post" action={changePath(conversation)} className="flex flex-col gap-5">
        <input type="hidden" name="intent" value="instruct" />
        <TextArea
          label="For this conversation"
          name="system_prompt"
          optional
          autoFocus
          hint="Said to the model with every question here, after the clone’s own instructions. The offline reader ignores them."
          placeholder="Answer in French, in three sentences at most."
          defaultValue={conversation.system_prompt ?? ""}
          maxLength={8_000}
          error={fetcher.data?.problem?.detail}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={fetcher.state !== "idle"}>
            Save
          </Button>
        </div>
      </fetcher.Form>
    </Dialog>
  );
}

export function DeleteDialog({ conversation, onClose }: ConversationDialogProps) {
  const fetcher = useFetcher<typeof action>();
  useWhenDone(fetcher, onClose);
  const shown = useParams().conversationId === conversation.id;
  const confirm = () =>
    fetcher.submit({ intent: "delete", open: String(shown) }, { method: "post", action: changePath(conversation) });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete “${conversation.title}”?`}
      action="Delete conversation"
      busy={fetcher.state !== "idle"}
      error={fetcher.data?.problem?.detail}
      onConfirm={confirm}
    >
      <p>Its questions and answers will be gone. This cannot be undone.</p>
    </ConfirmDialog>
  );
}
