import { ChevronLeftIcon, ChevronRightIcon, LinkExternalIcon, ListUnorderedIcon } from "@primer/octicons-react";
import type { DocumentText } from "../../workers/knowledge/contract.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { saidOfItself } from "./document-properties.ts";
import type { ContentsEntry } from "./reader-pages.ts";
import { SourceLink } from "./source-link.tsx";

interface ReaderBarProps {
  document: DocumentText["document"];
  pages: readonly number[];
  current: number | null;
  sections: readonly ContentsEntry[];
  onGo: (anchor: string) => void;
}

/** The document's name and the ways through it; stays in view. */
export function ReaderBar({ document, pages, current, sections, onGo }: ReaderBarProps) {
  const said = saidOfItself(document);
  const at = current === null ? -1 : pages.indexOf(current);
  const original = `/api/v1/documents/${document.id}/content${document.type === "pdf" && current ? `#page=${current}` : ""}`;
  const step = (by: number) => {
    const page = pages[at + by];
    if (page !== undefined) onGo(`page-${page}`);
  };
  return (
    <div className="sticky top-14 z-20 border-line border-b bg-canvas/90 backdrop-blur-md">
      <div className="mx-auto flex min-h-14 max-w-4xl items-center gap-2 px-4 py-2 sm:px-6">
        <div className="min-w-0 flex-1">
          <h1 className="truncate font-semibold" title={document.filename}>
            {document.filename}
          </h1>
          {said && (
            <p className="truncate text-ink-soft text-xs" title={said}>
              {said}
            </p>
          )}
          {document.source_url && <SourceLink url={document.source_url} />}
        </div>
        {sections.length > 1 && (
          <Menu
            trigger={
              <Button size="small" look="quiet" aria-label="Contents">
                <ListUnorderedIcon /> <span className="max-sm:hidden">Contents</span>
              </Button>
            }
          >
            <div className="max-h-80 max-w-72 overflow-y-auto">
              {sections.map(({ title, depth, anchor }) => (
                <MenuItem key={anchor} onSelect={() => onGo(anchor)}>
                  <span className="truncate" style={{ paddingInlineStart: `${Math.min(depth, 4) * 0.75}rem` }}>
                    {title}
                  </span>
                </MenuItem>
              ))}
            </div>
          </Menu>
        )}
        {pages.length > 1 && (
          <nav aria-label="Pages" className="flex items-center">
            <IconButton label="Previous page" disabled={at <= 0} onClick={() => step(-1)}>
              <ChevronLeftIcon />
            </IconButton>
            <span className="min-w-14 text-center text-ink-soft text-sm tabular-nums">
              {current ?? pages[0]} / {document.pages ?? pages.at(-1)}
            </span>
            <IconButton label="Next page" disabled={at >= pages.length - 1} onClick={() => step(1)}>
              <ChevronRightIcon />
            </IconButton>
          </nav>
        )}
        <a
          href={original}
          target="_blank"
          rel="noopener"
          className="inline-flex h-8 shrink-0 items-center gap-1.5 rounded-lg border border-line bg-surface px-2.5 font-medium text-sm shadow-card hover:bg-hover"
        >
          <span className="max-sm:sr-only">Open original</span>
          <LinkExternalIcon />
        </a>
      </div>
    </div>
  );
}
