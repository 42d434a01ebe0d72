import { useCallback, useEffect, useState } from "react";
import { readApi } from "../../client/call-api.ts";
import type { Document, PassagePage, PipelineRun } from "../../workers/knowledge/contract.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog/dialog.tsx";
import { Notice } from "../ui/notice.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useAttempt } from "../use-attempt.ts";

type RunStep = PipelineRun["steps"][number];

const counts = (output: RunStep["output"]) =>
  Object.entries(output ?? {})
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count.toLocaleString("en")} ${what}`)
    .join(" · ");

const duration = (ms: number | null) => (ms === null ? "" : ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`);

function Steps({ run }: { run: PipelineRun }) {
  return (
    <table className="w-full text-sm">
      <thead className="sr-only">
        <tr>
          <th>Step</th>
          <th>What it made</th>
          <th>Time</th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {run.steps.map(({ step, status, output, duration_ms, error }) => (
          <tr key={step}>
            <th scope="row" className="py-1.5 pe-3 text-start align-top font-medium capitalize">
              {step}
            </th>
            <td className={`py-1.5 pe-3 ${status === "failed" ? "text-danger" : "text-ink-soft"}`}>
              {error ?? (status === "succeeded" ? counts(output) : status)}
            </td>
            <td className="whitespace-nowrap py-1.5 text-end align-top text-ink-faint tabular-nums">
              {duration(duration_ms)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How a document was read, and the passages that search finds it by. */
export function DocumentDetails({ document, onClose }: { document: Document; onClose: () => void }) {
  const { id, run_id, filename } = document;
  const [run, setRun] = useState<PipelineRun | null>(null);
  const [pages, setPages] = useState<PassagePage[]>([]);
  const { busy, problem, attempt } = useAttempt();
  const passages = pages.flatMap(({ data }) => data);
  const last = pages.at(-1);

  const more = useCallback(
    (cursor: string | null) =>
      readApi<PassagePage>(
        `/documents/${id}/passages?limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
      ),
    [id],
  );
  const load = async () => {
    const page = await more(last?.next_cursor ?? null);
    setPages((known) => [...known, page]);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the dialog opens
  useEffect(() => {
    const first = async () => {
      const [page, read] = await Promise.all([
        more(null),
        run_id ? readApi<PipelineRun>(`/pipeline/status/${run_id}`) : null,
      ]);
      setPages([page]);
      setRun(read);
    };
    void attempt(first);
  }, []);

  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Passages and steps"
      description={`How “${filename}” was read, and what it is found by.`}
    >
      <div className="flex flex-col gap-5">
        {problem && <Notice tone="danger">{problem.detail}</Notice>}
        {run && <Steps run={run} />}
        {!last && !problem && <Skeleton className="h-40" />}
        {last && (
          <section aria-label="Passages" className="flex flex-col gap-3">
            <h3 className="font-semibold text-sm">
              {last.total === 1 ? "1 passage" : `${last.total.toLocaleString("en")} passages`}
            </h3>
            {last.total === 0 && <p className="text-ink-soft text-sm">There are none until it is read.</p>}
            <ol className="flex flex-col gap-2">
              {passages.map(({ ordinal, page, section, tokens, text }) => (
                <li key={ordinal} className="rounded-xl bg-sunken px-3.5 py-2.5">
                  <p className="mb-1 text-ink-faint text-xs [overflow-wrap:anywhere]">
                    {[`#${ordinal + 1}`, page && `page ${page}`, section, `${tokens} tokens`]
                      .filter(Boolean)
                      .join(" · ")}
                  </p>
                  <p className="line-clamp-6 whitespace-pre-line text-sm [overflow-wrap:anywhere]">{text}</p>
                </li>
              ))}
            </ol>
            {last.next_cursor && (
              <Button size="small" className="self-center" busy={busy} onClick={() => void attempt(load)}>
                Show more
              </Button>
            )}
          </section>
        )}
      </div>
    </Dialog>
  );
}
