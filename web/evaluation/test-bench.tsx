import { BeakerIcon, PlayIcon, PlusIcon, UploadIcon } from "@primer/octicons-react";
import { useEffect, useRef, useState } from "react";
import { useRevalidator } from "react-router";
import { callApi } from "../../client/call-api.ts";
import type { EvaluationDetails, EvaluationRun, Question } from "../../workers/evaluation/contract.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Notice } from "../ui/notice.tsx";
import { Progress } from "../ui/progress.tsx";
import { ShowOlder } from "../ui/show-older.tsx";
import { whenNeeded } from "../ui/when-needed.tsx";
import { useAttempt } from "../use-attempt.ts";
import { type ListPage, useOlder } from "../use-older.ts";
import { useMay } from "../workspaces/use-may.ts";
import { QuestionRow } from "./question-row.tsx";
import { questionsIn } from "./read-questions.ts";
import { EarlierRuns, Scores } from "./scores.tsx";

const QuestionDialog = whenNeeded(async () => (await import("./question-dialog.tsx")).QuestionDialog);

const interval = 1_000;

interface TestBenchProps {
  clone: { id: string; name: string };
  questions: ListPage<Question>;
  runs: readonly EvaluationRun[];
  /** The newest run, question by question. */
  details: EvaluationDetails | null;
}

/** A clone's questions, how it did at them last, and before. */
export function TestBench({ clone, questions, runs, details }: TestBenchProps) {
  const { revalidate } = useRevalidator();
  const mayRun = useMay("evaluation.run");
  const [isAdding, setAdding] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const file = useRef<HTMLInputElement>(null);
  const older = useOlder(
    questions,
    (cursor) => `/evaluation/questions?clone_id=${clone.id}&limit=100&cursor=${encodeURIComponent(cursor)}`,
  );
  const running = details?.status === "running";
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => !document.hidden && void revalidate(), interval);
    return () => clearInterval(timer);
  }, [running, revalidate]);

  const change = async (call: () => Promise<unknown>) => {
    const isDone = await attempt(call);
    await revalidate();
    return isDone;
  };
  const add = (list: object[]) =>
    callApi("/evaluation/questions", { method: "POST", json: { clone_id: clone.id, questions: list } });
  const start = () => change(() => callApi("/evaluation/runs", { method: "POST", json: { clone_id: clone.id } }));
  const results = new Map(details?.results.map((result) => [result.question_id, result]));
  const empty = older.items.length === 0;

  return (
    <div className="flex flex-col gap-5">
      <input
        ref={file}
        type="file"
        accept=".jsonl,.json"
        className="hidden"
        aria-label="File of questions"
        onChange={async (event) => {
          const [chosen] = event.target.files ?? [];
          event.target.value = "";
          if (chosen) await change(async () => add(questionsIn(await chosen.text())));
        }}
      />
      {empty ? (
        <EmptyState
          icon={<BeakerIcon size={20} />}
          title="No questions yet"
          action={
            mayRun && (
              <div className="flex flex-wrap justify-center gap-2">
                <Button look="primary" onClick={() => setAdding(true)}>
                  <PlusIcon /> Add a question
                </Button>
                <Button busy={busy} onClick={() => file.current?.click()}>
                  <UploadIcon /> Import questions
                </Button>
              </div>
            )
          }
        >
          Write down what {clone.name} must know, with the document that says it. Then see after every change whether it
          still does.
        </EmptyState>
      ) : (
        mayRun && (
          <div className="flex flex-wrap gap-2">
            <Button look="primary" busy={running || busy} onClick={() => void start()}>
              <PlayIcon /> {running ? "Asking…" : "Ask all questions"}
            </Button>
            <Button onClick={() => setAdding(true)}>
              <PlusIcon /> Add a question
            </Button>
            <Button onClick={() => file.current?.click()}>
              <UploadIcon /> Import
            </Button>
          </div>
        )
      )}
      {problem && <Notice tone="danger">{problem.errors[0]?.message ?? problem.detail}</Notice>}
      {running && <Running run={details} />}
      {details && !running && <Scores run={details} before={runs[1]} />}
      {!empty && (
        <ul
          aria-label="Questions"
          className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface shadow-card"
        >
          {older.items.map((question) => (
            <QuestionRow
              key={question.id}
              question={question}
              result={results.get(question.id)}
              onDelete={
                mayRun
                  ? () => void change(() => callApi(`/evaluation/questions/${question.id}`, { method: "DELETE" }))
                  : undefined
              }
            />
          ))}
        </ul>
      )}
      <ShowOlder older={older} label="Show more questions" />
      <EarlierRuns runs={runs.slice(1)} />
      {isAdding && (
        <QuestionDialog
          clone={clone}
          onClose={() => setAdding(false)}
          onAdd={async (question) => {
            await add([question]);
            await revalidate();
          }}
        />
      )}
    </div>
  );
}

function Running({ run: { answered, questions } }: { run: EvaluationRun }) {
  return (
    <div className="flex flex-col gap-2">
      <Progress value={answered / questions} label="Questions asked" />
      <p className="text-ink-soft text-sm" role="status">
        {answered} of {questions} asked
      </p>
    </div>
  );
}
