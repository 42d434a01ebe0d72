import { CheckIcon } from "@primer/octicons-react";
import type { Message } from "../../workers/chat/contract.ts";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/class-names.ts";
import { Answer, endingOf, Thinking } from "./answer.tsx";
import { modelName } from "./model-name.ts";
import { citedIn, SourceRow } from "./source-row.tsx";

interface ComparedAnswersProps {
  answers: readonly Message[];
  /** The answer that the conversation goes on with. */
  chosen: string;
  busy: boolean;
  onChoose: (id: string) => void;
}

/** The answers of several models to one question: beside each other where there is room, else a row to push sideways. */
export function ComparedAnswers({ answers, chosen, busy, onChoose }: ComparedAnswersProps) {
  return (
    <ul
      aria-label="Answers side by side"
      className="-mx-4 flex snap-x snap-mandatory gap-3 overflow-x-auto px-4 pb-2 sm:-mx-6 sm:px-6"
    >
      {answers.map((answer) => (
        <ComparedAnswer
          key={answer.id}
          answer={answer}
          isChosen={answer.id === chosen}
          busy={busy}
          onChoose={() => onChoose(answer.id)}
        />
      ))}
    </ul>
  );
}

interface ComparedAnswerProps {
  answer: Message;
  isChosen: boolean;
  busy: boolean;
  onChoose: () => void;
}

function ComparedAnswer({ answer, isChosen, busy, onChoose }: ComparedAnswerProps) {
  const running = answer.status === "running";
  const ending = endingOf(answer);
  return (
    <li
      className={cx(
        "flex w-[85%] min-w-56 shrink-0 snap-center flex-col rounded-2xl border bg-surface p-4 shadow-card sm:w-auto sm:flex-1 sm:basis-0",
        isChosen ? "border-accent-line" : "border-line",
      )}
    >
      <h3 className="mb-2 truncate font-semibold text-sm" title={answer.model ?? undefined}>
        {answer.model ? modelName(answer.model) : "Waiting for the model"}
      </h3>
      <div className="min-w-0 flex-1">
        {answer.content === "" && running ? <Thinking /> : <Answer message={answer} streaming={running} />}
        {ending && <p className="mt-3 text-ink-soft text-sm">{ending}</p>}
        {!running && <SourceRow sources={citedIn(answer.content, answer.citations)} />}
      </div>
      <div className="mt-3">
        {isChosen ? (
          <p className="flex h-8 items-center gap-1.5 text-accent text-sm">
            <CheckIcon /> Goes on with this one
          </p>
        ) : (
          <Button size="small" disabled={busy || answer.content === ""} onClick={onChoose}>
            Go on with this one
          </Button>
        )}
      </div>
    </li>
  );
}
