import { CheckIcon } from "@primer/octicons-react";
import type { Document } from "../../workers/knowledge/contract.ts";
import { cx } from "../ui/class-names.ts";
import { Progress } from "../ui/progress.tsx";

type Stage = NonNullable<Document["stage"]>;

/** What people see of the pipeline: the quick steps are part of their neighbours. */
const steps: { stages: Stage[]; label: string; doing: string }[] = [
  { stages: ["partition", "metadata", "enrichment"], label: "Read", doing: "Reading the text" },
  { stages: ["chunking"], label: "Split", doing: "Splitting it into passages" },
  { stages: ["embedding"], label: "Understand", doing: "Understanding the passages" },
  { stages: ["storage"], label: "Index", doing: "Putting them into the index" },
];

/** How far a document is, stage by stage. */
export function StageProgress({ document }: { document: Document }) {
  const at = steps.findIndex(({ stages }) => document.stage !== null && stages.includes(document.stage));
  const doing = document.status === "queued" || at < 0 ? "Waiting for its turn" : `${steps[at]?.doing}…`;
  return (
    <div className="flex flex-col gap-2">
      <Progress value={document.progress} label={`${document.filename}: ${doing}`} />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-xs">
        <span className="text-ink-soft">{doing}</span>
        <ol className="flex gap-3" aria-hidden="true">
          {steps.map(({ label }, step) => (
            <li
              key={label}
              className={cx(
                "flex items-center gap-1",
                step < at && "text-accent",
                step === at && "font-semibold text-ink",
                step > at && "text-ink-faint",
              )}
            >
              {step < at && <CheckIcon size={12} />}
              {label}
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}
