import { CheckIcon } from "@primer/octicons-react";
import type { ReactNode } from "react";
import type { Message } from "../../../workers/chat/contract.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { modelName } from "../settings/model-name.ts";
import { Answer, endingOf, Thinking } from "./answer.tsx";
import { Lane } from "./answered-by.tsx";
import { citedIn } from "./cited-in.ts";
import { Reasoning } from "./reasoning.tsx";
import { SourceRow } from "./source-row.tsx";

interface ComparedAnswersProps {
  answers: readonly Message[];
  /** The answer that the conversation goes on with. */
  chosen: string;
  busy: boolean;
  /** What else can be done with an answer. */
  menuOf: (answer: Message) => ReactNode;
  onChoose: (id: string) => void;
}

// Four columns would be too narrow to read: they stand two by two.
const columns = ["", "", "md:grid-cols-2", "md:grid-cols-3", "md:grid-cols-2"];

/** The answers of several models to one question: beside each other where there is room, else a row to push sideways. */
export function ComparedAnswers({ answers, chosen, busy, menuOf, onChoose }: ComparedAnswersProps) {
  return (
    <ul
      aria-label="Answers side by side"
      className={cx(
        "flex gap-3 md:grid",
        "max-md:-mx-4 max-md:snap-x max-md:snap-mandatory max-md:items-start max-md:overflow-x-auto max-md:px-4 max-md:pb-2 max-sm:scroll-px-4 sm:max-md:-mx-6 sm:max-md:px-6",
        columns[answers.length],
      )}
    >
      {answers.map((answer, at) => (
        <ComparedAnswer
          key={answer.id}
          answer={answer}
          place={`${at + 1} of ${answers.length}`}
          menu={menuOf(answer)}
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
  place: string;
  menu: ReactNode;
  isChosen: boolean;
  busy: boolean;
  onChoose: () => void;
}

function ComparedAnswer({ answer, place, menu, isChosen, busy, onChoose }: ComparedAnswerProps) {
  const running = answer.status === "running";
  const isAwaited = answer.content === "" && running;
  const ending = endingOf(answer);
  return (
    <li
      className={cx(
        "flex min-w-0 flex-col rounded-2xl border bg-surface shadow-card max-md:w-[85%] max-md:shrink-0 max-md:snap-center",
        isChosen ? "border-accent-line" : "border-line",
      )}
    >
      <div className="sticky top-0 z-10 flex items-baseline gap-2 rounded-t-2xl border-line border-b bg-surface px-4 py-2.5">
        <h3 className="min-w-0 flex-1 truncate font-semibold text-sm" title={answer.model ?? undefined}>
          {answer.model ? modelName(answer.model) : "Waiting for the model"}
        </h3>
        <Lane message={answer} />
        <span className="shrink-0 text-ink-faint text-xs tabular-nums md:hidden">{place}</span>
      </div>
      <div className="min-w-0 flex-1 px-4 pt-3 text-[0.9375rem]">
        {answer.reasoning && <Reasoning text={answer.reasoning} isThinking={isAwaited} />}
        {isAwaited ? !answer.reasoning && <Thinking /> : <Answer message={answer} streaming={running} />}
        {ending && <p className="mt-3 text-ink-soft text-sm">{ending}</p>}
        {!running && <SourceRow sources={citedIn(answer.content, answer.citations)} />}
      </div>
      <div className="sticky bottom-0 flex min-h-12 items-center gap-x-1 rounded-b-2xl bg-surface px-4 py-2">
        {isChosen ? (
          <p className="me-auto flex h-8 items-center gap-1.5 text-accent text-sm">
            <CheckIcon className="shrink-0" /> Goes on from here
          </p>
        ) : (
          <Button size="small" className="me-auto" disabled={busy || answer.content === ""} onClick={onChoose}>
            Go on with this one
          </Button>
        )}
        {!running && answer.content !== "" && <CopyButton text={answer.content} label="Copy answer" />}
        {!running && menu}
      </div>
    </li>
  );
}
