import { useLocation, useNavigate, useParams, useRevalidator } from "react-router";
import { changeConversation, deleteConversation } from "../../../client/conversation-calls.ts";
import { type ConversationSettings, settingsOf } from "../../../client/conversation-settings.ts";
import type { Conversation } from "../../../workers/chat/contract.ts";
import { ConfirmDialog } from "../../ui/dialog/confirm-dialog.tsx";
import { RenameDialog } from "../../ui/dialog/rename-dialog.tsx";
import { useAttempt } from "../../use-attempt.ts";
import { SettingsDialog } from "../settings/settings-dialog.tsx";

interface ConversationDialogProps {
  conversation: Conversation;
  onClose: () => void;
}

/** Gives a conversation another title. */
export function RetitleDialog({ conversation: { id, title }, onClose }: ConversationDialogProps) {
  const { revalidate } = useRevalidator();
  const rename = async (next: string) => {
    await changeConversation(id, { title: next });
    await revalidate();
  };
  return (
    <RenameDialog
      title="Rename the conversation"
      label="Title"
      name={title}
      maxLength={200}
      onRename={rename}
      onClose={onClose}
    />
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
