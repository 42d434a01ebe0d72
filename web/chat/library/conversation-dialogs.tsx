import { type FormEvent, useState } from "react";
import { useLocation, useNavigate, useParams, useRevalidator } from "react-router";
import { changeConversation, deleteConversation } from "../../../client/conversation-calls.ts";
import { type ConversationSettings, settingsOf } from "../../../client/conversation-settings.ts";
import type { Conversation } from "../../../workers/chat/contract.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { useAttempt } from "../../use-attempt.ts";
import { SettingsDialog } from "../settings/settings-dialog.tsx";

interface ConversationDialogProps {
  conversation: Conversation;
  onClose: () => void;
}

export function RenameDialog({ conversation, onClose }: ConversationDialogProps) {
  const [title, setTitle] = useState(conversation.title);
  const { busy, problem, attempt } = useAttempt();
  const { revalidate } = useRevalidator();
  const rename = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const isDone = await attempt(async () => {
      await changeConversation(conversation.id, { title });
      await revalidate();
    });
    if (isDone) onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Rename the conversation">
      <form onSubmit={rename} className="flex flex-col gap-5">
        <TextField
          label="Title"
          autoFocus
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          maxLength={200}
          required
          error={problem?.detail}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function ChangeSettingsDialog({ conversation, onClose }: ConversationDialogProps) {
  const { revalidate } = useRevalidator();
  const save = async (settings: ConversationSettings) => {
    await changeConversation(conversation.id, settings);
    await revalidate();
  };
  return <SettingsDialog settings={settingsOf(conversation)} onSave={save} onClose={onClose} />;
}

/** Leads whoever looks at one of the conversations that are gone away from it, and brings the list up to date. */
export function useLeaveGone() {
  const { revalidate } = useRevalidator();
  const navigate = useNavigate();
  const { search } = useLocation();
  const shown = useParams().conversationId;
  return async (gone: (id: string) => boolean) => {
    if (shown && gone(shown)) await navigate({ pathname: "/chat", search });
    else await revalidate();
  };
}

export function DeleteDialog({ conversation, onClose }: ConversationDialogProps) {
  const { busy, problem, attempt } = useAttempt();
  const leaveGone = useLeaveGone();
  const remove = async () => {
    const isDone = await attempt(async () => {
      await deleteConversation(conversation.id);
      await leaveGone((id) => id === conversation.id);
    });
    if (isDone) onClose();
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete “${conversation.title}”?`}
      action="Delete conversation"
      busy={busy}
      error={problem?.detail ?? null}
      onConfirm={remove}
    >
      <p>Its questions and answers will be gone. This cannot be undone.</p>
    </ConfirmDialog>
  );
}
