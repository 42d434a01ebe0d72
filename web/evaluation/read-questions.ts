import { refusal } from "../../client/api-problem.ts";

/** A line of a common set of questions, besides our own form. */
interface ForeignQuestion {
  question?: unknown;
  type?: unknown;
  must_contain?: unknown;
  sources?: { document?: unknown; page?: unknown }[];
}

const unreadable = (line: number) =>
  refusal(
    `Line ${line} is no JSON. Each line has to be one question: {"question": "…", "document": "report.pdf", "page": 3, "contains": [["24 months"]]}.`,
  );

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw unreadable(number);
  }
}

function ours(value: unknown): object {
  const foreign = value as ForeignQuestion;
  if (!Array.isArray(foreign?.sources) && foreign?.must_contain === undefined) return value as object;
  const [source] = foreign.sources ?? [];
  return {
    question: foreign.question,
    document: source?.document ?? null,
    page: source?.page ?? null,
    contains: foreign.must_contain ?? [],
    unanswerable: foreign.type === "unanswerable",
  };
}

/**
 * The questions of a file: a JSON list, or JSON lines, in our form or with `must_contain` and `sources`. What they say is the API's
 * to check. Throws `ApiError` for a line that is no JSON.
 */
export function questionsIn(text: string): object[] {
  if (text.trimStart().startsWith("[")) return (parsed(text, 1) as unknown[]).map(ours);
  return text.split(/\r?\n/).flatMap((line, i) => (line.trim() === "" ? [] : [ours(parsed(line, i + 1))]));
}
