import { CheckCircleFillIcon, CircleIcon, TrashIcon, XCircleFillIcon } from "@primer/octicons-react";
import type { EvaluationResult, Question } from "../../workers/evaluation/contract.ts";
import { IconButton } from "../ui/button.tsx";

/** What a question wants, in one line. */
function wanted({ document, page, contains, unanswerable }: Question): string {
  if (unanswerable) return "Not in the documents";
  const place = document && (page === null ? document : `${document}, page ${page}`);
  const phrases = contains.map((forms) => forms.map((form) => `“${form}”`).join(" or ")).join(" and ");
  return [place, phrases].filter(Boolean).join(" · ") || "Any answer";
}

const checks = ({ found_document, found_page, right_answer }: EvaluationResult) =>
  [
    { label: "document", right: found_document },
    { label: "page", right: found_page },
    { label: "answer", right: right_answer },
  ].filter(({ right }) => right !== null);

function Verdict({ result }: { result: EvaluationResult | undefined }) {
  const verdicts = result?.status === "done" ? checks(result) : [];
  if (!result || result.status === "waiting")
    return <CircleIcon className="text-ink-faint" aria-label="Not asked yet" />;
  if (result.status === "failed" || verdicts.some(({ right }) => !right))
    return <XCircleFillIcon className="text-danger" aria-label="Wrong" />;
  return <CheckCircleFillIcon className="text-accent" aria-label={verdicts.length > 0 ? "Right" : "Answered"} />;
}

interface QuestionRowProps {
  question: Question;
  result: EvaluationResult | undefined;
  /** Left out where the reader may not. */
  onDelete: (() => void) | undefined;
}

/** A question, what it wants, and what the clone said to it last. */
export function QuestionRow({ question, result, onDelete }: QuestionRowProps) {
  const wrong = result?.status === "done" ? checks(result).filter(({ right }) => !right) : [];
  return (
    <li className="flex items-start gap-3 px-4 py-3.5 sm:px-5">
      <span className="mt-0.5 flex w-5 justify-center">
        <Verdict result={result} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-medium [overflow-wrap:anywhere]">{question.question}</p>
        <p className="text-ink-faint text-xs [overflow-wrap:anywhere]">{wanted(question)}</p>
        {wrong.length > 0 && (
          <p className="mt-1 text-danger text-sm">
            Not the right {wrong.map(({ label }) => label).join(", nor the ")}.
          </p>
        )}
        {result?.error && <p className="mt-1 text-danger text-sm">{result.error}</p>}
        {result?.answer && (
          <details className="mt-1.5 text-sm">
            <summary className="cursor-pointer select-none text-ink-soft hover:text-ink">What it said</summary>
            <p className="mt-1.5 whitespace-pre-line rounded-xl bg-sunken px-3.5 py-2.5 [overflow-wrap:anywhere]">
              {result.answer}
            </p>
            {result.cited.length > 0 && (
              <p className="mt-1 text-ink-faint text-xs [overflow-wrap:anywhere]">
                From{" "}
                {[
                  ...new Set(
                    result.cited.map(({ source, page }) => (page === null ? source : `${source}, page ${page}`)),
                  ),
                ].join(" · ")}
              </p>
            )}
          </details>
        )}
      </div>
      {onDelete && (
        <IconButton label={`Delete “${question.question}”`} onClick={onDelete}>
          <TrashIcon />
        </IconButton>
      )}
    </li>
  );
}
