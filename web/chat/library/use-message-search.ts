import { useEffect, useState } from "react";
import { problemOf } from "../../../client/api-problem.ts";
import { searchMessages } from "../../../client/conversation-calls.ts";
import type { FoundMessage } from "../../../workers/chat/contract.ts";

/** Long enough that a word is typed with one question to the server, in ms. */
const pause = 200;
export const mostFound = 30;

interface Search {
  /** What `found` answers; it may be behind what is typed. */
  query: string;
  found: readonly FoundMessage[];
  problem: string | null;
}

/** What one's messages say about `query`, as it is typed. Null while it is empty or nothing has come back yet. */
export function useMessageSearch(query: string): { search: Search | null; busy: boolean; retry: () => void } {
  const [tries, setTries] = useState(0);
  const [search, setSearch] = useState<Search | null>(null);
  const wanted = query.trim();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `tries` is the reason to ask again
  useEffect(() => {
    if (wanted === "") return setSearch(null);
    const leaving = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const found = await searchMessages(wanted, mostFound, leaving.signal);
        setSearch({ query: wanted, found, problem: null });
      } catch (error) {
        if (!leaving.signal.aborted) setSearch({ query: wanted, found: [], problem: problemOf(error).detail });
      }
    }, pause);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [wanted, tries]);
  const retry = () => {
    setSearch(null);
    setTries(tries + 1);
  };
  return { search, busy: wanted !== "" && search?.query !== wanted, retry };
}
