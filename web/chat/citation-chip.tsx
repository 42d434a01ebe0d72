import { ArrowUpRightIcon, FileIcon } from "@primer/octicons-react";
import { Popover } from "radix-ui";
import { createContext, useContext } from "react";
import { Link } from "react-router";
import type { Citation } from "../../workers/chat/contract.ts";
import { placeOf, readerPath } from "./citation-link.ts";

/** False where this reader may see the quoted passages but not the documents. */
export const MayOpenDocuments = createContext(true);

/** The quoted passage and where it stands. */
function CitationCard({ citation }: { citation: Citation }) {
  const mayOpen = useContext(MayOpenDocuments);
  const place = placeOf(citation);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-start gap-2.5">
        <span className="mt-0.5 flex size-7 shrink-0 items-center justify-center rounded-lg bg-accent-soft text-accent">
          <FileIcon />
        </span>
        <div className="min-w-0">
          <p className="font-semibold text-sm [overflow-wrap:anywhere]">{citation.source}</p>
          {place && <p className="text-ink-soft text-xs">{place}</p>}
        </div>
      </div>
      <blockquote className="max-h-52 overflow-y-auto whitespace-pre-line rounded-lg [unicode-bidi:plaintext] bg-sunken px-3 py-2.5 text-[0.8125rem] leading-relaxed [overflow-wrap:anywhere]">
        {citation.quote}
      </blockquote>
      {mayOpen && (
        <Link
          to={readerPath(citation)}
          target="_blank"
          className="inline-flex items-center gap-1.5 self-start rounded-md font-medium text-accent text-sm hover:underline"
        >
          {citation.page === null ? "Open in the document" : `Open at page ${citation.page}`}
          <ArrowUpRightIcon />
        </Link>
      )}
    </div>
  );
}

interface CitationPopoverProps {
  citation: Citation;
  children: React.ReactNode;
}

/** The card behind a chip or a source: opens on click, tap and Enter, and Escape gives the focus back. */
export function CitationPopover({ citation, children }: CitationPopoverProps) {
  return (
    <Popover.Root>
      <Popover.Trigger asChild>{children}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={6}
          collisionPadding={12}
          aria-label={`Source ${citation.index}: ${citation.source}`}
          className="z-50 w-[min(23rem,calc(100vw-1.5rem))] animate-rise rounded-2xl border border-line bg-raised p-4 shadow-pop"
        >
          <CitationCard citation={citation} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** The number in the text. */
export function CitationChip({ citation }: { citation: Citation }) {
  return (
    <CitationPopover citation={citation}>
      <button
        type="button"
        aria-label={`Source ${citation.index}: ${citation.source}`}
        className="ms-0.5 inline-flex h-[1.45em] min-w-[1.45em] -translate-y-[0.12em] items-center justify-center rounded-[0.4em] bg-accent-soft px-[0.35em] align-baseline font-semibold text-[0.74em] text-accent tabular-nums leading-none transition-colors hover:bg-accent hover:text-on-accent data-[state=open]:bg-accent data-[state=open]:text-on-accent"
      >
        {citation.index}
      </button>
    </CitationPopover>
  );
}
