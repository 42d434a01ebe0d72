import { PencilIcon } from "@primer/octicons-react";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import type { Message } from "../../../workers/chat/contract.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { BranchSwitcher } from "./branch-switcher.tsx";
import { actionsClass } from "./message-actions.ts";

interface UserMessageProps {
  message: Message;
  siblings: readonly Message[];
  busy: boolean;
  /** What else can be done with it. */
  menu?: ReactNode;
  onEdit: (message: Message, content: string) => void;
  onChoose: (id: string) => void;
}

/** What the person asked. Editing makes a sibling: the first version and its answers stay. */
export function UserMessage({ message, siblings, busy, menu, onEdit, onChoose }: UserMessageProps) {
  const [editing, setEditing] = useState(false);
  if (editing) {
    return (
      <EditForm
        content={message.content}
        onCancel={() => setEditing(false)}
        onSave={(content) => {
          setEditing(false);
          onEdit(message, content);
        }}
      />
    );
  }
  return (
    <div className="group flex flex-col items-end">
      <h3 className="sr-only">You asked</h3>
      <p className="max-w-[85%] [unicode-bidi:plaintext] whitespace-pre-wrap rounded-2xl rounded-ee-md bg-hover px-4 py-2.5 [overflow-wrap:anywhere]">
        {message.content}
      </p>
      <div className="-mb-3 mt-1 flex h-8 items-center">
        <div className={actionsClass}>
          <IconButton label="Edit question" disabled={busy} onClick={() => setEditing(true)}>
            <PencilIcon />
          </IconButton>
          <CopyButton text={message.content} label="Copy question" />
          {menu}
        </div>
        <BranchSwitcher siblings={siblings} message={message} disabled={busy} onChoose={onChoose} />
      </div>
    </div>
  );
}

interface EditFormProps {
  content: string;
  onSave: (content: string) => void;
  onCancel: () => void;
}

function EditForm({ content, onSave, onCancel }: EditFormProps) {
  const [text, setText] = useState(content);
  const ready = text.trim() !== "" && text.trim() !== content;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") onCancel();
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing && ready) {
      event.preventDefault();
      onSave(text.trim());
    }
  };
  return (
    <div className="rounded-2xl border border-accent-line bg-surface p-3 shadow-card">
      <textarea
        aria-label="Edit your question"
        // biome-ignore lint/a11y/noAutofocus: the person just asked to edit this very text
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="field-sizing-content max-h-60 w-full resize-none bg-transparent px-1 outline-none"
      />
      <div className="mt-2 flex justify-end gap-2">
        <Button size="small" look="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="small" look="primary" disabled={!ready} onClick={() => onSave(text.trim())}>
          Ask again
        </Button>
      </div>
    </div>
  );
}
