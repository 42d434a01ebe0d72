import { createContext } from "react";
import { splitMarkdown } from "../../../workers/markdown/pieces.ts";

/** What the server spends on the formatting of a page, in the units of `costs`: everybody else waits meanwhile. */
const earlyWork = 150_000;

/** The answers that the server formats; the browser does the others as soon as it can. Null where it formats all. */
export const EarlyAnswers = createContext<ReadonlySet<string> | null>(null);

/** Those of a page's answers that the server formats: from the last one up, as far as what it may spend goes. */
export function earlyAnswers(messages: readonly { role: string; content: string }[]): ReadonlySet<string> {
  const early = new Set<string>();
  let spent = 0;
  for (const { role, content } of messages.toReversed()) {
    if (role === "user" || early.has(content)) continue;
    // Each character costs something: what is too long need not be read to know that.
    if (content.length > earlyWork) break;
    spent += splitMarkdown(content).parts.at(-1)?.spent ?? 0;
    if (spent > earlyWork) break;
    early.add(content);
  }
  return early;
}
