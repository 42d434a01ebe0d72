import { useState } from "react";
import { callApi } from "../../client/call-api.ts";
import type { Document } from "../../workers/knowledge/contract.ts";
import { tagsOf } from "../tags.ts";
import { ConfirmDialog } from "../ui/dialog/confirm-dialog.tsx";
import { FormDialog } from "../ui/dialog/form-dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { useAttempt } from "../use-attempt.ts";
import { DocumentDetails } from "./document-details.tsx";
import type { DocumentAction } from "./document-menu.tsx";

interface DocumentDialogProps {
  document: Document;
  onClose: () => void;
  onDone: () => void;
}

/** The dialog that was asked for in a document's menu. */
export function DocumentDialog({ action, ...rest }: DocumentDialogProps & { action: DocumentAction }) {
  if (action === "details") return <DocumentDetails document={rest.document} onClose={rest.onClose} />;
  return action === "properties" ? <DocumentProperties {...rest} /> : <DeleteDocument {...rest} />;
}

function DocumentProperties({ document, onClose, onDone }: DocumentDialogProps) {
  const [filename, setFilename] = useState(document.filename);
  const [tags, setTags] = useState(document.tags.join(", "));
  const save = async () => {
    await callApi(`/documents/${document.id}`, { method: "PATCH", json: { filename, tags: tagsOf(tags) } });
    onDone();
  };
  return (
    <FormDialog title="Name and tags" action="Save" fields={["filename", "tags"]} onSubmit={save} onClose={onClose}>
      {(error) => (
        <>
          <TextField
            label="Name"
            hint="Citations of new answers show it."
            autoFocus
            value={filename}
            onChange={(event) => setFilename(event.target.value)}
            maxLength={255}
            error={error("filename")}
          />
          <TextField
            label="Tags"
            optional
            autoComplete="off"
            hint="Separated by commas. Searches over the API can be limited to them."
            value={tags}
            onChange={(event) => setTags(event.target.value)}
            maxLength={1_000}
            error={error("tags")}
          />
        </>
      )}
    </FormDialog>
  );
}

function DeleteDocument({ document, onClose, onDone }: DocumentDialogProps) {
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
