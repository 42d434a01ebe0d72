import { AlertIcon, CheckCircleFillIcon, FileIcon, LockIcon, SyncIcon } from "@primer/octicons-react";
import { useState } from "react";
import { Link } from "react-router";
import { problemOf } from "../../client/api-problem.ts";
import { callApi } from "../../client/call-api.ts";
import type { Document } from "../../workers/knowledge/contract.ts";
import { documentFormats } from "../../workers/reading/formats.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/class-names.ts";
import { Spinner } from "../ui/spinner.tsx";
import { useAttempt } from "../use-attempt.ts";
import { byteSize } from "./byte-size.ts";
import { restricted } from "./document-access.tsx";
import { type DocumentAction, DocumentMenu } from "./document-menu.tsx";
import { languageName, saidOfItself } from "./document-properties.ts";
import { LeftOut } from "./left-out.tsx";
import { SourceLink } from "./source-link.tsx";
import { StageProgress } from "./stage-progress.tsx";
import { inMotion } from "./use-documents.ts";

function facts(document: Document): string {
  const { pages, language, chunk_count: passages } = document;
  return [
    documentFormats[document.type].name,
    byteSize(document.bytes),
    pages ? `${pages} ${pages === 1 ? "page" : "pages"}` : "",
    language ? languageName(language) : "",
    passages > 0 ? `${passages} ${passages === 1 ? "passage" : "passages"}` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

interface DocumentRowProps {
  document: Document;
  onChanged: () => void;
  onAction: (action: DocumentAction, document: Document) => void;
}

/** A document, where it stands, and what can be done with it. */
export function DocumentRow({ document, onChanged, onAction }: DocumentRowProps) {
  const failed = document.status === "failed";
  const ready = document.status === "indexed";
  const said = saidOfItself(document);
  const forWhom = restricted[document.access];
  const { problem, attempt } = useAttempt();
  const change = async (call: () => Promise<unknown>) => {
    if (await attempt(call)) onChanged();
  };
  return (
    <li className="flex items-start gap-3 px-4 py-3.5 sm:px-5">
      <span
        className={cx(
          "mt-0.5 flex size-9 shrink-0 items-center justify-center rounded-lg",
          failed ? "bg-danger-soft text-danger" : "bg-sunken text-ink-soft",
        )}
      >
        {failed ? <AlertIcon /> : <FileIcon />}
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          {ready ? (
            <Link
              to={`/documents/${document.id}`}
              className="line-clamp-2 font-medium [overflow-wrap:anywhere] hover:underline"
            >
              {document.filename}
            </Link>
          ) : (
            <span className="line-clamp-2 font-medium [overflow-wrap:anywhere]">{document.filename}</span>
          )}
          {ready && (
            <span className="text-accent" title="Ready to be asked about">
              <CheckCircleFillIcon aria-label="Ready" />
            </span>
          )}
          {forWhom && (
            <Badge>
              <LockIcon size={12} /> {forWhom}
            </Badge>
          )}
        </div>
        {said && <p className="line-clamp-1 text-ink-soft text-xs [overflow-wrap:anywhere]">{said}</p>}
        <p className="text-ink-faint text-xs">{facts(document)}</p>
        <LeftOut leftOut={document.left_out} />
        {document.tags.length > 0 && (
          <ul aria-label="Tags" className="mt-1.5 flex flex-wrap gap-1.5">
            {document.tags.map((tag) => (
              <li key={tag} className="max-w-full">
                <Badge>
                  <span className="truncate">{tag}</span>
                </Badge>
              </li>
            ))}
          </ul>
        )}
        {document.source_url && <SourceLink url={document.source_url} />}
        {inMotion(document) && (
          <div className="mt-2.5 max-w-xl">
            <StageProgress document={document} />
          </div>
        )}
        {failed && <FailedDocument document={document} onChanged={onChanged} />}
        {document.update && <NewFile update={document.update} />}
        {problem && (
          <p className="mt-2 text-danger text-sm" role="alert">
            {problem.detail}
          </p>
        )}
      </div>
      <DocumentMenu document={document} onAction={onAction} change={(call) => void change(call)} />
    </li>
  );
}

/** The file that is to take a document's place, or why it did not. */
function NewFile({ update: { filename, status, error } }: { update: NonNullable<Document["update"]> }) {
  if (status === "processing")
    return (
      <p className="mt-2 flex items-center gap-2 text-ink-soft text-sm" role="status">
        <Spinner /> Reading “{filename}”. Answers come from the old file until then.
      </p>
    );
  return (
    <p className="mt-2 text-danger text-sm [overflow-wrap:anywhere]" role="alert">
      “{filename}” did not take its place. {error}
    </p>
  );
}

function FailedDocument({ document, onChanged }: Omit<DocumentRowProps, "onAction">) {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const retry = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await callApi(`/documents/${document.id}/retry`, { method: "POST" });
      onChanged();
    } catch (error) {
      setRefusal(problemOf(error).detail);
    }
    setBusy(false);
  };
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-2">
      <p className="basis-64 grow text-danger text-sm" role="alert">
        {refusal ?? document.error?.message ?? "It could not be read. Try again, or upload another version."}
      </p>
      <Button size="small" busy={busy} onClick={retry}>
        <SyncIcon /> Retry
      </Button>
    </div>
  );
}
