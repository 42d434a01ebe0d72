import { useEffect, useState } from "react";
import type { z } from "zod";
import { readApi } from "../../../client/call-api.ts";
import type { messageTrace } from "../../../workers/chat/trace-contract.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useLocale } from "../../usage/use-locale.ts";
import { useAttempt } from "../../use-attempt.ts";
import { CopyRow } from "../../workspaces/copy-row.tsx";
import { TraceSteps } from "./trace-steps.tsx";
import { TraceSummary } from "./trace-summary.tsx";

type Trace = z.output<typeof messageTrace>;

interface WhatHappenedProps {
  conversationId: string;
  messageId: string;
  onClose: () => void;
}

/** What was done for an answer, step by step, and what it took. */
export function WhatHappened({ conversationId, messageId, onClose }: WhatHappenedProps) {
  const [trace, setTrace] = useState<Trace | null>(null);
  const { problem, attempt } = useAttempt();
  const path = `/conversations/${conversationId}/messages/${messageId}/trace`;
  const load = () => attempt(async () => setTrace(await readApi<Trace>(path)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
  useEffect(() => void load(), []);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="What happened" wide>
      {!trace && !problem && (
        <p role="status" className="flex items-center gap-2 py-2 text-ink-soft text-sm">
          <Spinner /> Looking it up…
        </p>
      )}
      {problem && (
        <Notice
          tone={problem.status === 404 ? "info" : "danger"}
          action={
            problem.status !== 404 && (
              <Button size="small" onClick={() => void load()}>
                Try again
              </Button>
            )
          }
        >
          {problem.status === 404
            ? "Nothing was kept of how this answer came about, as of what is imported or copied."
            : problem.detail}
        </Notice>
      )}
      {trace && <Told trace={trace} conversationId={conversationId} />}
    </Dialog>
  );
}

function Told({ trace, conversationId }: { trace: Trace; conversationId: string }) {
  const locale = useLocale();
  const turn = trace.spans.find(({ name }) => name === "turn");
  const ids = [
    { label: "Trace id", value: trace.trace_id },
    { label: "Turn id", value: trace.turn_id },
    { label: "Message id", value: trace.message_id },
    { label: "Conversation id", value: conversationId },
  ];
  return (
    <>
      {turn && <TraceSummary turn={turn} locale={locale} />}
      <div className="mt-3">
        <TraceSteps steps={trace.spans} locale={locale} />
      </div>
      {trace.left_out > 0 && (
        <p className="mt-2 text-ink-soft text-sm">
          {trace.left_out.toLocaleString(locale)} more {trace.left_out === 1 ? "step was" : "steps were"} not kept.
        </p>
      )}
      <p className="mt-3 text-ink-soft text-xs">
        Asked on {new Date(trace.started_at).toLocaleString(locale)}. Nothing of what was said is kept here.
      </p>
      <details className="mt-3">
        <summary className="cursor-pointer select-none text-ink-soft text-sm hover:text-ink">Ids</summary>
        <div className="mt-1 divide-y divide-line">
          {ids.map((id) => (
            <CopyRow key={id.label} {...id} />
          ))}
        </div>
      </details>
    </>
  );
}
