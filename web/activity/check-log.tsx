import { ShieldCheckIcon } from "@primer/octicons-react";
import { useState } from "react";
import type { z } from "zod";
import { readApi } from "../../client/call-api.ts";
import type { verification } from "../../workers/audit/contract.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { useAttempt } from "../use-attempt.ts";

type Verification = z.output<typeof verification>;

const broken = {
  missing: "is missing",
  altered: "was changed",
  moved: "is not in its place",
  forgotten: "was written anew",
} as const;

/** Has the log's chain checked, and says what it found. */
export function CheckLog() {
  const [found, setFound] = useState<Verification | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const check = () => attempt(async () => setFound(await readApi<Verification>("/audit/verify")));
  return (
    <>
      <Button busy={busy} onClick={check}>
        <ShieldCheckIcon /> Check the log
      </Button>
      {problem && <Notice tone="danger">{problem.detail}</Notice>}
      {found?.ok && (
        <Notice tone="good" className="basis-full">
          The log is whole: {found.count} {found.count === 1 ? "event" : "events"}, each as it was written.
        </Notice>
      )}
      {found && !found.ok && (
        <Notice tone="danger" className="basis-full">
          The log was tampered with: {found.breaks.map(({ seq, kind }) => `event ${seq} ${broken[kind]}`).join("; ")}.
        </Notice>
      )}
    </>
  );
}
