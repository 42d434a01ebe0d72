import { type FormEvent, useState } from "react";
import { useRevalidator } from "react-router";
import { fieldError } from "../../client/api-problem.ts";
import { callApi, readApi } from "../../client/call-api.ts";
import type { Retention, RetentionPreview } from "../../workers/personal-data/retention-contract.ts";
import type { Workspace } from "../../workers/workspaces/contract.ts";
import { may } from "../../workers/workspaces/roles.ts";
import { Button } from "../ui/button.tsx";
import { CheckboxField, TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import { When } from "../ui/when.tsx";
import { useAttempt } from "../use-attempt.ts";
import { RetentionPreviewed } from "./retention-previewed.tsx";
import { Section } from "./section.tsx";

/** Numbers as they are typed; empty keeps everything. */
interface Typed {
  members: string;
  visitors: string;
  pinned: boolean;
}

const typedOf = ({ member_days, visitor_days, include_pinned }: Retention): Typed => ({
  members: member_days === null ? "" : String(member_days),
  visitors: visitor_days === null ? "" : String(visitor_days),
  pinned: include_pinned,
});
/** What is no number goes to the API as it is, which says what is wrong with it. */
function daysOf(text: string): number | string | null {
  const trimmed = text.trim();
  return trimmed === "" ? null : Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}
const inputOf = ({ members, visitors, pinned }: Typed) => ({
  member_days: daysOf(members),
  visitor_days: daysOf(visitors),
  include_pinned: pinned,
});
const inWords = (days: number | null) => (days === null ? "kept" : days === 1 ? "1 day" : `${days} days`);
const fields = ["member_days", "visitor_days"];

interface RetentionProps {
  workspace: Workspace;
  retention: Retention;
}

/** How long the workspace keeps conversations: for its owner to set, once they have seen what would go. */
export function RetentionSection({ workspace, retention }: RetentionProps) {
  const mayChange = may(workspace.role, "retention.write");
  return (
    <Section
      title="How long conversations are kept"
      lead="What nobody has touched for longer is deleted for good, with its citations and shared links. Documents stay."
    >
      {mayChange ? (
        <RetentionForm workspace={workspace} retention={retention} />
      ) : (
        <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-2 text-sm">
          <dt className="text-ink-soft">Members’ conversations</dt>
          <dd>{inWords(retention.member_days)}</dd>
          <dt className="text-ink-soft">Visitors’ conversations</dt>
          <dd>{inWords(retention.visitor_days)}</dd>
        </dl>
      )}
      {retention.effective_at && (
        <p className="mt-3 text-ink-soft text-sm">
          In force from <When iso={retention.effective_at} />.
        </p>
      )}
    </Section>
  );
}

function RetentionForm({ workspace, retention }: RetentionProps) {
  const { revalidate } = useRevalidator();
  const { busy, problem, attempt } = useAttempt();
  const saved = typedOf(retention);
  const [typed, setTyped] = useState(saved);
  const [seen, setSeen] = useState<{ typed: Typed; preview: RetentionPreview } | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  const path = `/workspaces/${workspace.id}/retention`;
  const isSeen = seen?.typed === typed;

  const change = (changes: Partial<Typed>) => {
    setTyped({ ...typed, ...changes });
    setIsSaved(false);
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const json = inputOf(typed);
    if (!isSeen) {
      await attempt(async () => {
        const preview = await readApi<RetentionPreview>(`${path}/preview`, { method: "POST", json });
        setSeen({ typed, preview });
      });
      return;
    }
    const isDone = await attempt(() => callApi(path, { method: "PUT", json }));
    if (!isDone) return;
    setSeen(null);
    setIsSaved(true);
    await revalidate();
  };
  const isChanged = JSON.stringify(typed) !== JSON.stringify(saved);
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Members’ conversations"
          hint="In days; empty keeps them."
          inputMode="numeric"
          autoComplete="off"
          value={typed.members}
          onChange={(event) => change({ members: event.target.value })}
          error={fieldError(problem, "member_days")}
        />
        <TextField
          label="Visitors’ conversations"
          hint="In days; empty keeps them."
          inputMode="numeric"
          autoComplete="off"
          value={typed.visitors}
          onChange={(event) => change({ visitors: event.target.value })}
          error={fieldError(problem, "visitor_days")}
        />
      </div>
      <CheckboxField
        label="Pinned conversations too"
        checked={typed.pinned}
        onChange={(event) => change({ pinned: event.target.checked })}
      />
      <ProblemNotice problem={problem} fields={fields} />
      {isSeen && seen && <RetentionPreviewed preview={seen.preview} />}
      {isSaved && <Notice tone="good">Saved.</Notice>}
      <div className="flex flex-wrap items-center gap-3">
        {isSeen && isChanged ? (
          <Button type="submit" look="primary" busy={busy}>
            Save
          </Button>
        ) : (
          <Button type="submit" busy={busy} disabled={isSeen}>
            See what would go
          </Button>
        )}
        {isSeen && isChanged && (
          <p className="text-ink-soft text-sm">What is made stricter begins a day later: you can take it back.</p>
        )}
      </div>
    </form>
  );
}
