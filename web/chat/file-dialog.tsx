import { useFetcher } from "react-router";
import type { Conversation, ConversationLabels } from "../../workers/chat/contract.ts";
import { fieldError } from "../api-problem.ts";
import type { action } from "../routes/conversation-change.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { changePath, useWhenDone } from "./conversation-dialogs.tsx";

interface FileDialogProps {
  conversation: Conversation;
  labels: ConversationLabels;
  onClose: () => void;
}

/** Puts a conversation into a folder and gives it tags; both are made by naming them. */
export function FileDialog({ conversation, labels, onClose }: FileDialogProps) {
  const fetcher = useFetcher<typeof action>();
  useWhenDone(fetcher, onClose);
  const problem = fetcher.data?.problem;
  const [folder, tags] = [fieldError(problem, "folder"), fieldError(problem, "tags")];
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Folder and tags">
      <fetcher.Form method="post" action={changePath(conversation)} className="flex flex-col gap-5">
        <input type="hidden" name="intent" value="file" />
        <TextField
          label="Folder"
          name="folder"
          optional
          autoFocus
          autoComplete="off"
          list="known-folders"
          defaultValue={conversation.folder ?? ""}
          maxLength={80}
          error={folder}
        />
        <datalist id="known-folders">
          {labels.folders.map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <TextField
          label="Tags"
          name="tags"
          optional
          autoComplete="off"
          hint={
            labels.tags.length > 0
              ? `Separated by commas. So far: ${labels.tags
                  .slice(0, 8)
                  .map(({ name }) => name)
                  .join(", ")}.`
              : "Separated by commas."
          }
          defaultValue={conversation.tags.join(", ")}
          maxLength={800}
          error={tags}
        />
        {problem && !folder && !tags && <Notice tone="danger">{problem.detail}</Notice>}
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
