import { useCallback, useEffect, useRef, useState } from "react";
import { readApi } from "../../client/call-api.ts";
import type { Document } from "../../workers/knowledge/contract.ts";
import { type ListPage, useOlder } from "../use-older.ts";

const interval = 700;

export function inMotion({ status }: Document): boolean {
  return status === "queued" || status === "processing";
}

/** Whether the server is still at something of it. */
const isChanging = (document: Document) => inMotion(document) || document.update?.status === "processing";

/**
 * A clone's documents, newest first, as the server had them and as they move on: asked again only while something is in motion.
 * `onSettled` runs when nothing is any more, and something was read.
 */
export function useDocuments(cloneId: string, initial: ListPage<Document>, onSettled: () => void) {
  const [first, setFirst] = useState(initial);
  const [stale, setStale] = useState(false);
  const path = `/documents?clone_id=${cloneId}&limit=100`;
  const older = useOlder(first, (cursor) => `${path}&cursor=${encodeURIComponent(cursor)}`);

  const refresh = useCallback(async () => {
    try {
      setFirst(await readApi<ListPage<Document>>(path));
      setStale(false);
    } catch {
      // The list stays as it was, and says that it may be old; the next round tries again.
      setStale(true);
    }
  }, [path]);

  const moving = older.items.some(isChanging);
  useEffect(() => {
    if (!moving) return;
    let timer: ReturnType<typeof setTimeout>;
    const round = async () => {
      if (!document.hidden) await refresh();
      timer = setTimeout(round, interval);
    };
    timer = setTimeout(round, interval);
    return () => clearTimeout(timer);
  }, [moving, refresh]);

  // A short document may be read before it was ever seen in motion.
  const read = older.items.flatMap(({ id, indexed_at }) => (indexed_at ? [`${id} ${indexed_at}`] : [])).join();
  const known = useRef(read);
  useEffect(() => {
    if (moving || read === known.current) return;
    known.current = read;
    onSettled();
  }, [moving, read, onSettled]);

  return { documents: older.items, older, refresh, stale };
}
