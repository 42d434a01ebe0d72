import { DownloadIcon } from "@primer/octicons-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { fieldError } from "../../client/api-problem.ts";
import { type PullProgress, pullModel } from "../../client/pull-model.ts";
import { byteSize } from "../documents/byte-size.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { Progress } from "../ui/progress.tsx";
import { useAttempt } from "../use-attempt.ts";

/** Has the box fetch a model, and shows how far it is. */
export function PullForm({ onPulled }: { onPulled: () => Promise<void> }) {
  const [name, setName] = useState("");
  const [progress, setProgress] = useState<PullProgress | null>(null);
  const [pulled, setPulled] = useState<string | null>(null);
  const { busy, problem, attempt, forget } = useAttempt();
  const leaving = useRef<AbortController | null>(null);
  useEffect(() => () => leaving.current?.abort(), []);

  const pull = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const mine = new AbortController();
    leaving.current = mine;
    setPulled(null);
    setProgress({ status: "Asking for it" });
    const isThere = await attempt(() => pullModel(name.trim(), setProgress, mine.signal));
    setProgress(null);
    if (mine.signal.aborted) return forget();
    if (!isThere) return;
    setPulled(name.trim());
    setName("");
    await onPulled();
  };
  const fieldProblem = fieldError(problem, "model");

  return (
    <form onSubmit={pull} noValidate className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start gap-3">
        <TextField
          label="Name"
          hint="As ollama.com/library has it, such as qwen3:8b."
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={200}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          disabled={busy}
          className="min-w-0 flex-1 basis-56"
          error={fieldProblem}
        />
        <Button type="submit" look="primary" busy={busy} className="h-11 max-sm:w-full sm:mt-12">
          <DownloadIcon /> Fetch
        </Button>
      </div>
      {progress && <PullState name={name} progress={progress} onStop={() => leaving.current?.abort()} />}
      {problem && !fieldProblem && <Notice tone="danger">{problem.detail}</Notice>}
      {pulled && <Notice tone="good">{pulled} is there.</Notice>}
    </form>
  );
}

interface PullStateProps {
  name: string;
  progress: PullProgress;
  onStop: () => void;
}

function PullState({ name, progress: { status, completed = 0, total }, onStop }: PullStateProps) {
  return (
    <div className="flex flex-col gap-2 rounded-xl bg-sunken px-4 py-3 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
          {status}
          {total !== undefined && (
            <span className="text-ink-soft tabular-nums">
              , {byteSize(completed)} of {byteSize(total)}
            </span>
          )}
        </span>
        <Button size="small" onClick={onStop}>
          Stop
        </Button>
      </div>
      <Progress value={total ? completed / total : 0} label={`Fetching ${name}`} />
    </div>
  );
}
