import { type ComponentProps, cloneElement, type ReactElement, useId, useRef, useState } from "react";
import type { Citation } from "../../../workers/chat/contract.ts";
import { whenNeeded } from "../../ui/when-needed.tsx";

const fetchPanel = async () => (await import("./citation-card.tsx")).CitationPanel;
/** Fetches ahead, silently: whoever opens a card is told of what fails. */
const expect = () => void fetchPanel().catch(() => {});

const CitationPanel = whenNeeded(fetchPanel);

interface CitationPopoverProps {
  citation: Citation;
  /** A button. */
  children: ReactElement<ComponentProps<"button">>;
}

/** The card behind a chip or a source: opens on click, tap and Enter, and Escape gives the focus back. */
export function CitationPopover({ citation, children }: CitationPopoverProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  /** Null before it was first opened. */
  const [open, setOpen] = useState<boolean | null>(null);
  return (
    <>
      {cloneElement(children, {
        ref: button,
        "aria-haspopup": "dialog",
        "aria-expanded": open === true,
        "aria-controls": open ? id : undefined,
        ["data-state" as string]: open ? "open" : "closed",
        onPointerEnter: expect,
        onFocus: expect,
        onClick: () => setOpen(!open),
      })}
      {open !== null && (
        <CitationPanel id={id} citation={citation} trigger={button} open={open} onOpenChange={setOpen} />
      )}
    </>
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
