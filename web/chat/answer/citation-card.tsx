import { ArrowUpRightIcon, FileIcon } from "@primer/octicons-react";
import { Popover } from "radix-ui";
import { type RefObject, useContext, useRef } from "react";
import { Link } from "react-router";
import type { Citation } from "../../../workers/chat/contract.ts";
import { placeOf, readerPath } from "./citation-link.ts";
import { MayOpenDocuments } from "./may-open-documents.ts";

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

interface CitationPanelProps {
  id: string;
  citation: Citation;
  trigger: RefObject<HTMLElement | null>;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The card as it opens at a chip or a source. */
export function CitationPanel({ id, citation, trigger, open, onOpenChange }: CitationPanelProps) {
  const leftByPointer = useRef(false);
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Anchor virtualRef={trigger as RefObject<HTMLElement>} />
      <Popover.Portal>
        <Popover.Content
          id={id}
          sideOffset={6}
          collisionPadding={12}
          aria-label={`Source ${citation.index}: ${citation.source}`}
          onInteractOutside={(event) => {
            // Its own button closes it by being pressed.
            if (trigger.current?.contains(event.target as Node)) event.preventDefault();
            else leftByPointer.current = true;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (!leftByPointer.current) trigger.current?.focus();
            leftByPointer.current = false;
          }}
          className="z-50 w-[min(23rem,calc(100vw-1.5rem))] animate-rise rounded-2xl border border-line bg-raised p-4 shadow-pop"
        >
          <CitationCard citation={citation} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
