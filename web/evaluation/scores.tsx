import type { EvaluationRun } from "../../workers/evaluation/contract.ts";

type Share = EvaluationRun["right_answer"];

const percent = ({ right, of }: Share) => (of === 0 ? null : Math.round((100 * right) / of));
const measures = [
  { key: "right_document", label: "Right document" },
  { key: "right_page", label: "Right page" },
  { key: "right_answer", label: "Right answer" },
  { key: "citation_precision", label: "Citations borne out" },
  { key: "citation_recall", label: "Statements cited" },
] as const;

function Change({ now, before }: { now: number; before: number | null }) {
  if (before === null || before === now) return null;
  const better = now > before;
  return (
    <span className={better ? "text-accent" : "text-danger"}>
      {better ? "+" : "−"}
      {Math.abs(now - before)}
      <span className="sr-only"> since the run before</span>
    </span>
  );
}

/** How a clone did, beside the run before. */
export function Scores({ run, before }: { run: EvaluationRun; before: EvaluationRun | undefined }) {
  const shown = measures.filter(({ key }) => run[key].of > 0);
  if (shown.length === 0) return null;
  return (
    <dl className="grid gap-3 sm:grid-cols-3">
      {shown.map(({ key, label }) => {
        const share = run[key];
        const now = percent(share) ?? 0;
        return (
          <div key={key} className="rounded-card border border-line bg-surface px-5 py-4 shadow-card">
            <dt className="text-ink-soft text-sm">{label}</dt>
            <dd className="mt-1 flex items-baseline gap-2">
              <span className="display text-3xl tabular-nums">{now} %</span>
              <span className="text-ink-faint text-xs tabular-nums">
                {share.right} of {share.of} <Change now={now} before={before ? percent(before[key]) : null} />
              </span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

const when = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

export function EarlierRuns({ runs }: { runs: readonly EvaluationRun[] }) {
  if (runs.length === 0) return null;
  return (
    <details className="text-sm">
      <summary className="cursor-pointer select-none text-ink-soft hover:text-ink">Earlier runs</summary>
      <ul className="mt-2 divide-y divide-line rounded-card border border-line bg-surface">
        {runs.map((run) => (
          <li key={run.id} className="flex flex-wrap justify-between gap-x-4 gap-y-1 px-5 py-2.5">
            <time dateTime={run.created_at}>{when.format(new Date(run.created_at))} UTC</time>
            <span className="text-ink-soft tabular-nums">
              {measures
                .filter(({ key }) => run[key].of > 0)
                .map(({ key, label }) => `${label} ${percent(run[key])} %`)
                .join(" · ") || `${run.answered} of ${run.questions} asked`}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
