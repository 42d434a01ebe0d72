import { type FormEvent, useState } from "react";
import type { Document } from "../../workers/knowledge/contract.ts";
import { callApi } from "../browser-api.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { useAttempt } from "../use-attempt.ts";

interface DocumentDialogProps {
  document: Document;
  onClose: () => void;
  onDone: () => void;
}

export function RenameDocument({ document, onClose, onDone }: DocumentDialogProps) {
  const [filename, setFilename] = useState(document.filename);
  const { busy, problem, attempt } = useAttempt();
  const rename = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (await attempt(() => callApi(`/documents/${document.id}`, { method: "PATCH", json: { filename } }))) onDone();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Rename the document"
      description="Citations of new answers show this name."
    >
      <form onSubmit={rename} className="flex flex-col gap-5">
        <TextField
          label="Name"
          autoFocus
          value={filename}
          onChange={(event) => setFilename(event.target.value)}
          maxLength={255}
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
