import { ClockIcon, XIcon } from "@primer/octicons-react";
import type { Waiting } from "../../../client/waiting.ts";
import { IconButton } from "../../ui/button.tsx";

interface WaitingQuestionsProps {
  waiting: readonly Waiting[];
  onTakeBack: (question: Waiting) => void;
}

/** What will be asked by itself once the answer is whole. */
export function WaitingQuestions({ waiting, onTakeBack }: WaitingQuestionsProps) {
  return (
    <ol aria-label="Asked next" className="mb-2 flex flex-col gap-1">
      {waiting.map((question) => (
        <li
          key={question.questionId}
          className="flex items-center gap-2 rounded-xl bg-sunken ps-3 text-ink-soft text-sm"
        >
          <ClockIcon size={14} className="shrink-0" />
          <span className="min-w-0 flex-1 truncate">{question.content}</span>
          <IconButton label={`Take back “${question.content}”`} onClick={() => onTakeBack(question)}>
            <XIcon />
          </IconButton>
        </li>
      ))}
    </ol>
  );
}
