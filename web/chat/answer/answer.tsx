import { lazy, Suspense, useContext } from "react";
import type { Place } from "../../../client/waiting.ts";
import type { Message } from "../../../workers/chat/contract.ts";
import { useHydrated } from "../../ui/use-hydrated.ts";
import { EarlyAnswers } from "./early-answers.ts";
import { placeInLine } from "./place-in-line.ts";

// Markdown and highlighting are most of this page's script, and no first paint needs them.
const AnswerMarkdown = lazy(() => import("./answer-markdown.tsx").catch(() => ({ default: PlainAnswer })));

/** An answer whose formatting could not be fetched: its words matter more. */
function PlainAnswer({ text }: { text: string }) {
  return <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</p>;
}

/** Whether nobody could pay for an answer. */
export const isUnpaid = ({ error_code }: Pick<Message, "error_code">) => error_code === "INSUFFICIENT_CREDITS";

/** Why an answer ends where it does, if not because it is whole. */
export function endingOf({ status, content, finish_reason: reason, error_code }: Message): string | null {
  if (status === "stopped") return "You stopped this answer here.";
  if (status === "interrupted") return "This answer was cut off. What was said is kept.";
  if (isUnpaid({ error_code })) return "There were not enough credits for this answer.";
  if (status === "failed") return content ? "The model broke off here." : "The model gave no answer.";
  return reason === "length" ? "The answer reached its greatest length." : null;
}

/** An answer’s text with its citations, as far as it has come. */
export function Answer({
  message,
  streaming,
}: {
  message: Pick<Message, "content" | "citations">;
  streaming: boolean;
}) {
  const early = useContext(EarlyAnswers);
  const isHydrated = useHydrated();
  const plain = <PlainAnswer text={message.content} />;
  return (
    <div className="answer" aria-busy={streaming}>
      {isHydrated || early === null || early.has(message.content) ? (
        <Suspense fallback={plain}>
          <AnswerMarkdown text={message.content} citations={message.citations} streaming={streaming} />
        </Suspense>
      ) : (
        plain
      )}
    </div>
  );
}

/** What stands where the first word will. */
export function Thinking({ place = null }: { place?: Place | null }) {
  return (
    <p className="flex gap-2 text-ink-soft leading-7">
      <span className="flex h-7 items-center gap-1" aria-hidden="true">
        {[0, 200, 400].map((delay) => (
          <span
            key={delay}
            className="size-1.5 animate-breathe rounded-full bg-accent"
            style={{ animationDelay: `${delay}ms` }}
          />
        ))}
      </span>
      {place ? placeInLine(place) : "Reading the documents…"}
    </p>
  );
}
