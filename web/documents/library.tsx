import { CommentDiscussionIcon } from "@primer/octicons-react";
import { useCallback, useState } from "react";
import { useRevalidator } from "react-router";
import type { Document, DocumentHints } from "../../workers/knowledge/contract.ts";
import { ButtonLink } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { ShowOlder } from "../ui/show-older.tsx";
import { whenNeeded } from "../ui/when-needed.tsx";
import type { ListPage } from "../use-older.ts";
import { useMay } from "../workspaces/use-may.ts";
import type { DocumentAction } from "./document-menu.tsx";
import { DocumentRow } from "./document-row.tsx";
import { DropZone } from "./drop-zone.tsx";
import { Hints } from "./hints.tsx";
import { UploadRow } from "./upload-row.tsx";
import { inMotion, useDocuments } from "./use-documents.ts";
import { useUploads } from "./use-uploads.ts";

const DocumentDialog = whenNeeded(async () => (await import("./document-dialogs.tsx")).DocumentDialog);
const WebImportDialog = whenNeeded(async () => (await import("./web-import-dialog.tsx")).WebImportDialog);

interface LibraryProps {
  clone: { id: string; name: string };
  initial: ListPage<Document>;
  hints: DocumentHints;
}

/** Everything a clone knows from: what is there, what is on its way, and what went wrong. */
export function Library({ clone, initial, hints }: LibraryProps) {
  const { revalidate } = useRevalidator();
  const onSettled = useCallback(() => void revalidate(), [revalidate]);
  const { documents, older, refresh, stale } = useDocuments(clone.id, initial, onSettled);
  const onStored = useCallback(() => void refresh(), [refresh]);
  const { uploads, add, retry, dismiss } = useUploads(clone.id, onStored);
  const [acting, setActing] = useState<{ action: DocumentAction; document: Document } | null>(null);
  const [importing, setImporting] = useState(false);
  const mayWrite = useMay("document.write");
  const empty = documents.length === 0 && uploads.length === 0;
  const ready = documents.filter(({ status }) => status === "indexed").length;
  const settled = ready > 0 && uploads.every(({ problem }) => problem) && !documents.some(inMotion);
  return (
    <div className="flex flex-col gap-5">
      {mayWrite && <DropZone onFiles={add} onWeb={() => setImporting(true)} prominent={empty} />}
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
      <Hints hints={hints} />
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
            <DocumentRow
              key={document.id}
              document={document}
              onChanged={onStored}
              onAction={(action, of) => setActing({ action, document: of })}
            />
          ))}
        </ul>
      )}
      <ShowOlder older={older} label="Show older documents" />
      {importing && <WebImportDialog clone={clone} onImported={onStored} onClose={() => setImporting(false)} />}
      {acting && (
        <DocumentDialog
          {...acting}
          onClose={() => setActing(null)}
          onDone={() => {
            setActing(null);
            older.forget();
            void refresh().then(onSettled);
          }}
        />
      )}
    </div>
  );
}
