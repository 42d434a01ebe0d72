import type { AskedQuestion } from "./queries.ts";

/** What a clone said to a question, and what of its documents it was given to say it from. */
export interface Answered {
  answer: string;
  /** The citations that the text refers to. */
  cited: { source: string; page: number | null }[];
  /** What search found, best first. */
  found: { source: string; page: number | null }[];
}

/** Null where the question does not say what would be right. */
export interface Verdict {
  foundDocument: boolean | null;
  foundPage: boolean | null;
  answered: boolean | null;
}

/** Text without what typesetting adds: curly quotes, dashes, soft hyphens, case. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[‘’]/g, "'")
    .replace(/[“”„]/g, '"')
    .replace(/[‐-―]/g, "-")
    .replace(/[\u00ad\u200b-\u200f]/g, "")
    .replace(/\s+/g, " ")
    .toLowerCase();
}

/** Whether a clone found what it should, and said it. */
export function judge(question: AskedQuestion, { answer, cited, found }: Answered): Verdict {
  const { document, page, contains, unanswerable } = question;
  const said = plain(answer);
  const ofDocument = found.filter(({ source }) => document !== null && plain(source) === plain(document));
  const containsAll = contains.every((forms) => forms.some((form) => said.includes(plain(form))));
  return {
    foundDocument: document === null ? null : ofDocument.length > 0,
    foundPage: page === null ? null : ofDocument.some((each) => each.page === page),
    answered: unanswerable ? cited.length === 0 : contains.length === 0 ? null : containsAll,
  };
}
