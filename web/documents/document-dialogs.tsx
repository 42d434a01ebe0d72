import { type FormEvent, useState } from "react";
import { fieldError, isAllFields } from "../../client/api-problem.ts";
import { callApi } from "../../client/call-api.ts";
import type { Document } from "../../workers/knowledge/contract.ts";
import { tagsOf } from "../tags.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { useAttempt } from "../use-attempt.ts";

interface DocumentDialogProps {
  document: Document;
  onClose: () => void;
  onDone: () => void;
}

export function DocumentProperties({ document, onClose, onDone }: DocumentDialogProps) {
  const [filename, setFilename] = useState(document.filename);
  const [tags, setTags] = useState(document.tags.join(", "));
  const { busy, problem, attempt } = useAttempt();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const json = { filename, tags: tagsOf(tags) };
    if (await attempt(() => callApi(`/documents/${document.id}`, { method: "PATCH", json }))) onDone();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Name and tags">
      <form onSubmit={save} noValidate className="flex flex-col gap-5">
        <TextField
          label="Name"
          hint="Citations of new answers show it."
          autoFocus
          value={filename}
          onChange={(event) => setFilename(event.target.value)}
          maxLength={255}
          error={fieldError(problem, "filename")}
        />
        <TextField
          label="Tags"
          optional
          autoComplete="off"
          hint="Separated by commas. Searches over the API can be limited to them."
          value={tags}
          onChange={(event) => setTags(event.target.value)}
          maxLength={1_000}
          error={fieldError(problem, "tags")}
        />
        {problem && !isAllFields(problem, ["filename", "tags"]) && <Notice tone="danger">{problem.detail}</Notice>}
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

export function DeleteDocument({ document, onClose, onDone }: DocumentDialogProps) {
  const { busy, problem, attempt } = useAttempt();
  const remove = async () => {
    if (await attempt(() => callApi(`/documents/${document.id}`, { method: "DELETE" }))) onDone();
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete “${document.filename}”?`}
      action="Delete document"
      busy={busy}
      error={problem?.detail ?? null}
      onConfirm={() => void remove()}
    >
      <p>The clone no longer answers from it. Quotes in earlier answers stay. This cannot be undone.</p>
    </ConfirmDialog>
  );
}
