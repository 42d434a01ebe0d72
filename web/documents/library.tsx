import { CommentDiscussionIcon } from "@primer/octicons-react";
import { useCallback, useState } from "react";
import { useRevalidator } from "react-router";
import type { Document } from "../../workers/knowledge/contract.ts";
import { problemOf } from "../api-problem.ts";
import { callApi } from "../browser-api.ts";
import { ButtonLink } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Notice } from "../ui/notice.tsx";
import { ShowOlder } from "../ui/show-older.tsx";
import type { ListPage } from "../use-older.ts";
import { DocumentRow } from "./document-row.tsx";
import { DropZone } from "./drop-zone.tsx";
import { UploadRow } from "./upload-row.tsx";
import { inMotion, useDocuments } from "./use-documents.ts";
import { useUploads } from "./use-uploads.ts";

interface LibraryProps {
  clone: { id: string; name: string };
  initial: ListPage<Document>;
}

/** Everything a clone knows from: what is there, what is on its way, and what went wrong. */
export function Library({ clone, initial }: LibraryProps) {
  const { revalidate } = useRevalidator();
  const onSettled = useCallback(() => void revalidate(), [revalidate]);
  const { documents, older, refresh, stale } = useDocuments(clone.id, initial, onSettled);
  const onStored = useCallback(() => void refresh(), [refresh]);
  const { uploads, add, retry, dismiss } = useUploads(clone.id, onStored);
  const [deleting, setDeleting] = useState<Document | null>(null);
  const empty = documents.length === 0 && uploads.length === 0;
  const ready = documents.filter(({ status }) => status === "indexed").length;
  const settled = ready > 0 && uploads.every(({ problem }) => problem) && !documents.some(inMotion);
  return (
    <div className="flex flex-col gap-5">
      <DropZone onFiles={add} prominent={empty} />
      {stale && (
        <Notice tone="warn">
          The list may be out of date: the server cannot be reached. It is tried again by itself.
        </Notice>
      )}
      {settled && (
        <Notice
          tone="good"
          action={
            <ButtonLink to={`/clones/${clone.id}`} size="small" look="primary">
              <CommentDiscussionIcon /> Ask it something
            </ButtonLink>
          }
        >
          {clone.name} has read {ready === 1 ? "its document" : `${ready} documents`} and is ready for questions.
        </Notice>
      )}
      {!empty && (
        <ul
          aria-label="Documents"
          className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface shadow-card"
        >
          {uploads.map((upload) => (
            <UploadRow
              key={upload.key}
              upload={upload}
              onRetry={() => retry(upload.key)}
              onDismiss={() => dismiss(upload.key)}
            />
          ))}
          {documents.map((document) => (
            <DocumentRow key={document.id} document={document} onChanged={onStored} onDelete={setDeleting} />
          ))}
        </ul>
      )}
      <ShowOlder older={older} label="Show older documents" />
      <DeleteDocument
        document={deleting}
        onClose={() => setDeleting(null)}
        onDeleted={() => {
          setDeleting(null);
          older.forget();
          void refresh().then(onSettled);
        }}
      />
    </div>
  );
}

interface DeleteDocumentProps {
  document: Document | null;
  onClose: () => void;
  onDeleted: () => void;
}

function DeleteDocument({ document, onClose, onDeleted }: DeleteDocumentProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const confirm = async () => {
    if (!document) return;
    setBusy(true);
    setError(null);
    try {
      await callApi(`/documents/${document.id}`, { method: "DELETE" });
      onDeleted();
    } catch (failure) {
      setError(problemOf(failure).detail);
    }
    setBusy(false);
  };
  return (
    <ConfirmDialog
      open={document !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={`Delete “${document?.filename ?? ""}”?`}
      action="Delete document"
      busy={busy}
      error={error}
      onConfirm={() => void confirm()}
    >
      <p>The clone no longer answers from it. Quotes in earlier answers stay. This cannot be undone.</p>
    </ConfirmDialog>
  );
}
