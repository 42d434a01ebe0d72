import { useCallback, useEffect, useState } from "react";
import type { Document } from "../../workers/knowledge/contract.ts";
import { readApi } from "../browser-api.ts";

const interval = 700;

export function inMotion({ status }: Document): boolean {
  return status === "queued" || status === "processing";
}

/** A clone's documents, as the server had them and as they move on: asked again only while something is in motion. */
export function useDocuments(cloneId: string, initial: readonly Document[], onSettled: () => void) {
  const [documents, setDocuments] = useState(initial);
  const [stale, setStale] = useState(false);

  const refresh = useCallback(async () => {
    try {
      const page = await readApi<{ data: Document[] }>(`/documents?clone_id=${cloneId}&limit=100`);
      setStale(false);
      setDocuments((before) => {
        if (before.some(inMotion) && !page.data.some(inMotion)) queueMicrotask(onSettled);
        return page.data;
      });
    } catch {
      // The list stays as it was, and says that it may be old; the next round tries again.
      setStale(true);
    }
  }, [cloneId, onSettled]);

  const moving = documents.some(inMotion);
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

  return { documents, refresh, stale };
}
