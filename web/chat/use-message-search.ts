import { useEffect, useState } from "react";
import type { FoundMessage } from "../../workers/chat/contract.ts";
import { problemOf } from "../api-problem.ts";
import { readApi } from "../browser-api.ts";

/** Long enough that a word is typed with one question to the server, in ms. */
const pause = 200;

interface Search {
  /** What `found` answers; it may be behind what is typed. */
  query: string;
  found: readonly FoundMessage[];
  problem: string | null;
}

/** What one's messages say about `query`, as it is typed. Null while it is empty or nothing has come back yet. */
export function useMessageSearch(query: string): { search: Search | null; busy: boolean } {
  const [search, setSearch] = useState<Search | null>(null);
  const wanted = query.trim();
  useEffect(() => {
    if (wanted === "") return setSearch(null);
    const leaving = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const json = { query: wanted, limit: 30 };
        const options = { method: "POST" as const, json, signal: leaving.signal };
        const { data } = await readApi<{ data: FoundMessage[] }>("/conversations/search", options);
        setSearch({ query: wanted, found: data, problem: null });
      } catch (error) {
        if (!leaving.signal.aborted) setSearch({ query: wanted, found: [], problem: problemOf(error).detail });
      }
    }, pause);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [wanted]);
  return { search, busy: wanted !== "" && search?.query !== wanted };
}
