import { ArchiveIcon, TrashIcon } from "@primer/octicons-react";
import { useState } from "react";
import { archiveConversations, deleteConversations } from "../../../client/conversation-calls.ts";
import type { Conversation } from "../../../workers/chat/contract.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog/confirm-dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useAttempt } from "../../use-attempt.ts";
import { useLeaveGone } from "./conversation-dialogs.tsx";

interface SelectConversationsProps {
  conversations: readonly Conversation[];
  /** Whether those that are shown are archived: then they can be taken out instead. */
  archived: boolean;
  onDone: () => void;
}

/** As many as one call takes. */
const most = 100;

/** The list as boxes to tick, to clear away many conversations at once. */
export function SelectConversations({ conversations, archived, onDone }: SelectConversationsProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [confirming, setConfirming] = useState(false);
  const { busy, problem, attempt, forget } = useAttempt();
  const leaveGone = useLeaveGone();
  const count = chosen.size;
  const all = conversations.slice(0, most);

  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };

  const work = async (call: (ids: readonly string[]) => Promise<void>, isGone: (id: string) => boolean) => {
    const isDone = await attempt(async () => {
      await call([...chosen]);
      // The list comes back without them, not before they have gone from it.
      await leaveGone(isGone);
    });
    if (isDone) onDone();
  };
  const remove = () => work(deleteConversations, (id) => chosen.has(id));
  const archive = () =>
    work(
      (ids) => archiveConversations(ids, !archived),
      () => false,
    );

  return (
    <fieldset className="flex min-w-0 flex-col gap-3" disabled={busy}>
      <legend className="sr-only">Choose conversations</legend>
      <div className="sticky top-0 z-10 -mx-3 flex flex-col gap-2 border-line border-b bg-canvas px-3 pb-3">
        <div className="flex items-center justify-between gap-2 text-sm">
          <label className="flex cursor-pointer items-center gap-2.5 ps-2.5">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={count > 0 && count === all.length}
              onChange={() => setChosen(new Set(count === all.length ? [] : all.map(({ id }) => id)))}
            />
            {count === 0 ? "Choose all" : `${count} chosen`}
          </label>
          <Button size="small" look="quiet" onClick={onDone}>
            Cancel
          </Button>
        </div>
        <div className="grid grid-cols-2 gap-2">
          <Button size="small" disabled={count === 0} busy={busy} onClick={archive}>
            <ArchiveIcon /> {archived ? "Take out" : "Archive"}
          </Button>
          <Button size="small" look="danger" disabled={count === 0} onClick={() => setConfirming(true)}>
            <TrashIcon /> Delete
          </Button>
        </div>
        {problem && !confirming && <Notice tone="danger">{problem.detail}</Notice>}
      </div>
      <ul className="flex flex-col gap-px">
        {all.map(({ id, title }) => (
          <li key={id}>
            <label className="flex cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-2 text-sm hover:bg-hover">
              <input
                type="checkbox"
                className="size-4 shrink-0 accent-accent"
                checked={chosen.has(id)}
                onChange={() => toggle(id)}
              />
              <span className="truncate">{title}</span>
            </label>
          </li>
        ))}
      </ul>
      {conversations.length > most && (
        <p className="px-2.5 text-ink-soft text-sm">At most {most} at once: these are the latest.</p>
      )}
      <ConfirmDialog
        open={confirming}
        onOpenChange={(open) => {
          setConfirming(open);
          forget();
        }}
        title={count === 1 ? "Delete this conversation?" : `Delete ${count} conversations?`}
        action={count === 1 ? "Delete conversation" : `Delete ${count} conversations`}
        busy={busy}
        error={problem?.detail ?? null}
        onConfirm={remove}
      >
        <p>Their questions and answers will be gone. This cannot be undone.</p>
      </ConfirmDialog>
    </fieldset>
  );
}
