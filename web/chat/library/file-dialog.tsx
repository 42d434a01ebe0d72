import { useState } from "react";
import { useRevalidator } from "react-router";
import { changeConversation } from "../../../client/conversation-calls.ts";
import type { Conversation, ConversationLabels } from "../../../workers/chat/contract.ts";
import { tagsOf } from "../../tags.ts";
import { FormDialog } from "../../ui/dialog/form-dialog.tsx";
import { TextField } from "../../ui/field.tsx";

interface FileDialogProps {
  conversation: Conversation;
  labels: ConversationLabels;
  onClose: () => void;
}

/** Puts a conversation into a folder and gives it tags; both are made by naming them. */
export function FileDialog({ conversation, labels, onClose }: FileDialogProps) {
  const [folder, setFolder] = useState(conversation.folder ?? "");
  const [tags, setTags] = useState(conversation.tags.join(", "));
  const { revalidate } = useRevalidator();
  const known = labels.tags.slice(0, 8).map(({ name }) => name);
  const save = async () => {
    await changeConversation(conversation.id, { folder: folder.trim() || null, tags: tagsOf(tags) });
    await revalidate();
    onClose();
  };
  return (
    <FormDialog title="Folder and tags" action="Save" fields={["folder", "tags"]} onSubmit={save} onClose={onClose}>
      {(error) => (
        <>
          <TextField
            label="Folder"
            optional
            autoFocus
            autoComplete="off"
            list="known-folders"
            value={folder}
            onChange={(event) => setFolder(event.target.value)}
            maxLength={80}
            error={error("folder")}
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
            error={error("tags")}
          />
        </>
      )}
    </FormDialog>
  );
}
