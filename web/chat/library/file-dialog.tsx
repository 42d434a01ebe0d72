import { type FormEvent, useState } from "react";
import { useRevalidator } from "react-router";
import { fieldError, isAllFields } from "../../../client/api-problem.ts";
import { changeConversation } from "../../../client/conversation-calls.ts";
import type { Conversation, ConversationLabels } from "../../../workers/chat/contract.ts";
import { tagsOf } from "../../tags.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useAttempt } from "../../use-attempt.ts";

interface FileDialogProps {
  conversation: Conversation;
  labels: ConversationLabels;
  onClose: () => void;
}

/** Puts a conversation into a folder and gives it tags; both are made by naming them. */
export function FileDialog({ conversation, labels, onClose }: FileDialogProps) {
  const [folder, setFolder] = useState(conversation.folder ?? "");
  const [tags, setTags] = useState(conversation.tags.join(", "));
  const { busy, problem, attempt } = useAttempt();
  const { revalidate } = useRevalidator();
  const known = labels.tags.slice(0, 8).map(({ name }) => name);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const filing = { folder: folder.trim() || null, tags: tagsOf(tags) };
    if (busy) return;
    const isDone = await attempt(async () => {
      await changeConversation(conversation.id, filing);
      await revalidate();
    });
    if (isDone) onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Folder and tags">
      <form onSubmit={save} className="flex flex-col gap-5">
        <TextField
          label="Folder"
          optional
          autoFocus
          autoComplete="off"
          list="known-folders"
          value={folder}
          onChange={(event) => setFolder(event.target.value)}
          maxLength={80}
          error={fieldError(problem, "folder")}
        />
        <datalist id="known-folders">
          {labels.folders.map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <TextField
          label="Tags"
          optional
          autoComplete="off"
          hint={known.length > 0 ? `Separated by commas. So far: ${known.join(", ")}.` : "Separated by commas."}
          value={tags}
          onChange={(event) => setTags(event.target.value)}
          maxLength={800}
          error={fieldError(problem, "tags")}
        />
        {problem && !isAllFields(problem, ["folder", "tags"]) && <Notice tone="danger">{problem.detail}</Notice>}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
