import { useCallback, useMemo, useState } from "react";
import { problemOf } from "../client/api-problem.ts";
import { readApi } from "../client/call-api.ts";

export interface ListPage<T> {
  data: readonly T[];
  next_cursor: string | null;
}

/**
 * A list whose first page somebody else keeps fresh, with the older pages that were asked for behind it. `pathOf` makes the
 * address of a page from its cursor. `forget` drops the older pages, after something in them was changed.
 */
export function useOlder<T extends { id: string }>(first: ListPage<T>, pathOf: (cursor: string) => string) {
  const [older, setOlder] = useState<ListPage<T> | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const cursor = older ? older.next_cursor : first.next_cursor;

  const items = useMemo(() => {
    const known = new Set(first.data.map(({ id }) => id));
    return [...first.data, ...(older?.data.filter(({ id }) => !known.has(id)) ?? [])];
  }, [first, older]);

  const load = async () => {
    if (!cursor || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const page = await readApi<ListPage<T>>(pathOf(cursor));
      setOlder({ data: [...(older?.data ?? []), ...page.data], next_cursor: page.next_cursor });
    } catch (error) {
      setProblem(problemOf(error).detail);
    }
    setBusy(false);
  };
  const forget = useCallback(() => setOlder(null), []);

  return { items, hasOlder: cursor !== null, load, busy, problem, forget };
}
