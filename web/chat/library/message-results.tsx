import { Link } from "react-router";
import type { FoundMessage } from "../../../workers/chat/contract.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { When } from "../../ui/when.tsx";
import { mostFound, useMessageSearch } from "./use-message-search.ts";

/** The messages that were found for what is typed into the list's search field, each leading to its place. */
export function MessageResults({ query, onFollow }: { query: string; onFollow: (() => void) | undefined }) {
  const { search, busy, retry } = useMessageSearch(query);
  if (!search) {
    return (
      <p className="flex items-center gap-2 px-2.5 text-ink-soft text-sm">
        <Spinner /> Searching…
      </p>
    );
  }
  if (search.problem) {
    const again = (
      <Button size="small" onClick={retry}>
        Try again
      </Button>
    );
    return (
      <Notice tone="danger" action={again}>
        {search.problem}
      </Notice>
    );
  }
  return (
    <section aria-label="Messages found" aria-busy={busy}>
      <p role="status" className="px-2.5 pb-1 font-medium text-ink-faint text-xs">
        {search.found.length === 0
          ? `No message has “${search.query}”.`
          : `${search.found.length}${search.found.length === mostFound ? " best" : ""} ${search.found.length === 1 ? "message" : "messages"}`}
      </p>
      <ul className="flex flex-col gap-1">
        {search.found.map((found) => (
          <li key={found.message_id}>
            <Link
              to={`/chat/${found.conversation_id}#${found.message_id}`}
              onClick={onFollow}
              className="focus-inset block rounded-lg px-2.5 py-2 transition-colors hover:bg-hover"
            >
              <span className="flex items-baseline justify-between gap-3">
                <span className="truncate font-medium text-sm">{found.title}</span>
                <span className="shrink-0 text-ink-faint text-xs">
                  <When iso={found.created_at} />
                </span>
              </span>
              <span className="mt-0.5 line-clamp-3 text-ink-soft text-sm [overflow-wrap:anywhere]">
                <Snippet found={found} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Snippet({ found: { snippet, matches } }: { found: FoundMessage }) {
  const edges = [0, ...matches.flatMap(({ start, end }) => [start, end]), snippet.length];
  return edges.slice(0, -1).map((edge, at) => {
    const part = snippet.slice(edge, edges[at + 1]);
    // Between an odd edge and the next is what was found.
    if (at % 2 === 0) return part;
    return (
      <mark key={edge} className="rounded-xs bg-accent-soft text-ink">
        {part}
      </mark>
    );
  });
}
