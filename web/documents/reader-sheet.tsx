import { memo } from "react";
import { type CitedRange, cutAtCitation } from "./cited-range.ts";
import type { ReaderPage } from "./reader-pages.ts";

interface ReaderSheetProps {
  page: ReaderPage;
  cited: CitedRange | null;
}

/** One page of a document's text, with the cited passage marked. Text only: nothing of a document is ever markup here. */
export const ReaderSheet = memo(function ReaderSheet({ page, cited }: ReaderSheetProps) {
  return (
    <section
      id={page.anchor}
      data-page={page.page ?? undefined}
      aria-label={page.page === null ? "Text" : `Page ${page.page}`}
      className="scroll-mt-32 rounded-card border border-line bg-surface px-5 py-6 shadow-card sm:px-12 sm:py-10"
    >
      {page.page !== null && <p className="mb-4 font-medium text-ink-faint text-xs">Page {page.page}</p>}
      {page.parts.map((part) => {
        const [before, marked, after] = cutAtCitation(part.text, part.start, cited);
        return (
          <div
            key={part.start}
            id={`at-${part.start}`}
            className="scroll-mt-32 whitespace-pre-wrap leading-[1.75] [unicode-bidi:plaintext] [overflow-wrap:anywhere] [&+&]:mt-4"
          >
            {before}
            {marked && (
              <mark
                tabIndex={-1}
                data-cited
                className="scroll-mt-40 rounded-sm bg-mark box-decoration-clone px-0.5 text-ink outline-none"
              >
                {marked}
              </mark>
            )}
            {after}
          </div>
        );
      })}
    </section>
  );
});
