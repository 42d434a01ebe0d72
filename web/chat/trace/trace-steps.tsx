import { cx } from "../../ui/class-names.ts";
import { durationIn, factsOf, failureOf, type Step, stepName } from "./trace-words.ts";

function depthOf(steps: readonly Step[], { parent }: Step): number {
  const above = parent === null ? undefined : steps[parent];
  return above ? 1 + depthOf(steps, above) : 0;
}

/** The steps in their order, each with its place in the whole time. */
export function TraceSteps({ steps, locale }: { steps: readonly Step[]; locale: string }) {
  const endOf = ({ started_ms, duration_ms }: Step) => started_ms + (duration_ms ?? 0);
  const whole = Math.max(1, ...steps.map(endOf));
  const share = (ms: number) => `${Math.min(100, Math.max(0, (ms / whole) * 100))}%`;
  return (
    <ol aria-label="Steps" className="divide-y divide-line">
      {steps.map((step, at) => {
        // What is known of the whole stands above.
        const facts = step.name === "turn" ? [] : factsOf(step, locale);
        const failure = failureOf(step);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and a step's place is its name
          <li key={at} className="grid gap-x-4 gap-y-1.5 py-2.5 sm:grid-cols-[minmax(0,1fr)_14rem]">
            <div className="min-w-0" style={{ paddingInlineStart: `${Math.min(3, depthOf(steps, step)) * 0.875}rem` }}>
              <p className="flex justify-between gap-3 text-sm">
                <span className="font-medium">{stepName(step)}</span>
                <span className="shrink-0 text-ink-soft tabular-nums">
                  {step.duration_ms === null ? "was cut off" : durationIn(locale, step.duration_ms)}
                </span>
              </p>
              {(failure || facts.length > 0) && (
                <p className="text-ink-soft text-xs [overflow-wrap:anywhere]">
                  {failure && <span className="font-medium text-danger">{failure}</span>}
                  {failure && facts.length > 0 && " · "}
                  {facts.join(" · ")}
                </p>
              )}
            </div>
            <div aria-hidden="true" className="relative h-2 rounded-full bg-sunken sm:mt-1.5">
              <div
                className={cx("absolute inset-y-0 min-w-1 rounded-full", failure ? "bg-danger" : "bg-accent")}
                style={{ left: `min(${share(step.started_ms)}, 100% - 0.25rem)`, width: share(step.duration_ms ?? 0) }}
              />
            </div>
          </li>
        );
      })}
    </ol>
  );
}
