import { AlertIcon, DuplicateIcon } from "@primer/octicons-react";
import { Link } from "react-router";
import type { DocumentHints } from "../../workers/knowledge/contract.ts";

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** What its owner may want to look at in a clone's documents; nothing where there is nothing. */
export function Hints({ hints }: { hints: DocumentHints }) {
  const { near_duplicates: alike, contradictions } = hints;
  const count = alike.length + contradictions.length;
  if (count === 0) return null;
  return (
    <details className="group rounded-card border border-line bg-surface shadow-card">
      <summary className="flex cursor-pointer select-none items-center gap-2.5 px-5 py-3.5 font-medium text-sm marker:content-none">
        <AlertIcon className="text-warn" />
        <span className="flex-1">{count === 1 ? "1 thing to look at" : `${count} things to look at`}</span>
        <span className="text-ink-faint text-xs group-open:hidden">Show</span>
        <span className="hidden text-ink-faint text-xs group-open:inline">Hide</span>
      </summary>
      <ul className="divide-y divide-line border-line border-t">
        {alike.map(({ documents, similarity }) => (
          <li key={documents.map(({ id }) => id).join()} className="flex gap-3 px-5 py-3 text-sm">
            <DuplicateIcon className="mt-1 shrink-0 text-ink-faint" />
            <p className="min-w-0 [overflow-wrap:anywhere]">
              {documents.map(({ id, filename }, i) => (
                <span key={id}>
                  {i > 0 && " and "}
                  <Link to={`/documents/${id}`} className="font-medium underline decoration-line-strong">
                    {filename}
                  </Link>
                </span>
              ))}{" "}
              say almost the same ({percent(similarity)}). Keep the one that holds.
            </p>
          </li>
        ))}
        {contradictions.map(({ statements }) => (
          <li
            key={statements.map(({ document_id, start }) => `${document_id}:${start}`).join()}
            className="flex gap-3 px-5 py-3 text-sm"
          >
            <AlertIcon className="mt-1 shrink-0 text-ink-faint" />
            <div className="flex min-w-0 flex-col gap-1.5">
              <p>Two documents give different numbers:</p>
              {statements.map(({ document_id, filename, page, quote }) => (
                <blockquote key={document_id} className="border-line-strong border-s-2 ps-3 [overflow-wrap:anywhere]">
                  “{quote}”{" "}
                  <Link to={`/documents/${document_id}`} className="text-ink-soft text-xs underline">
                    {filename}
                    {page === null ? "" : `, page ${page}`}
                  </Link>
                </blockquote>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}
