import { useEffect, useReducer } from "react";
import type Highlighter from "rehype-highlight";

let highlighter: typeof Highlighter | null = null;

/** Fetches what gives code its colours. */
export async function fetchHighlighter(): Promise<void> {
  highlighter = (await import("rehype-highlight")).default;
}

/** Where code begins that says its language: no other gets colours. */
const fencedCode = /^[ \t>*+\d.)-]*(?:`{3,}|~{3,})[ \t]*[^\s`]/m;

/**
 * What gives the code in a text its colours, or null where there is none, none is `wanted`, or it is still on its way. It weighs as
 * much as all else that formats an answer, and comes with the first code; where it does not come, code stays plain.
 */
export function useHighlighter(text: string, wanted: boolean): typeof Highlighter | null {
  const [, showAgain] = useReducer((count: number) => count + 1, 0);
  const isNeeded = wanted && fencedCode.test(text);
  useEffect(() => {
    if (!isNeeded || highlighter) return;
    let isShown = true;
    fetchHighlighter().then(
      () => isShown && showAgain(),
      () => {},
    );
    return () => {
      isShown = false;
    };
  }, [isNeeded]);
  return isNeeded ? highlighter : null;
}
