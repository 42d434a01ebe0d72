import { FileIcon } from "@primer/octicons-react";
import type { Citation } from "../../../workers/chat/contract.ts";
import { CitationPopover } from "./citation-chip.tsx";

/** The sources of an answer, beneath it. */
export function SourceRow({ sources }: { sources: readonly Citation[] }) {
  if (sources.length === 0) return null;
  return (
    <div className="mt-4">
      <p className="mb-1.5 font-medium text-ink-faint text-xs">Sources</p>
      <ul className="flex flex-wrap gap-1.5" aria-label="Sources">
        {sources.map((citation) => (
          <li key={citation.index} className="min-w-0 max-w-full">
            <CitationPopover citation={citation}>
              <button
                type="button"
                className="inline-flex h-8 max-w-full items-center gap-1.5 rounded-lg border border-line bg-surface px-2 text-ink-soft text-xs transition-colors hover:border-accent-line hover:bg-accent-soft hover:text-accent data-[state=open]:border-accent-line data-[state=open]:bg-accent-soft data-[state=open]:text-accent"
              >
                <span className="font-semibold text-accent tabular-nums">{citation.index}</span>
                <FileIcon size={12} className="shrink-0" />
                <span className="max-w-[14rem] truncate">{citation.source}</span>
                {citation.page !== null && <span className="shrink-0 text-ink-faint">p. {citation.page}</span>}
              </button>
            </CitationPopover>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Says that the model named sources which do not say what it said. */
export function DroppedCitations({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <p className="mt-2 text-ink-faint text-xs">
      {count === 1 ? "One citation was" : `${count} citations were`} left out: the source does not say that.
    </p>
  );
}
