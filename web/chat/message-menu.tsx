import { GitBranchIcon, KebabHorizontalIcon, TrashIcon } from "@primer/octicons-react";
import { useState } from "react";
import type { Message } from "../../workers/chat/contract.ts";
import { problemOf } from "../api-problem.ts";
import { IconButton } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { Notice } from "../ui/notice.tsx";
import type { TurnSession } from "./turn-session.ts";

interface MessageMenuProps {
  message: Message;
  session: TurnSession;
  busy: boolean;
  onFork: ((id: string) => void) | undefined;
}

/** What is seldom done with a message: go on elsewhere from it, or delete it with what follows. */
export function MessageMenu({ message, session, busy, onFork }: MessageMenuProps) {
  const [confirming, setConfirming] = useState(false);
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const what = message.role === "user" ? "question" : "answer";

  const work = async (step: () => Promise<void>) => {
    setWorking(true);
    setProblem(null);
    try {
      await step();
    } catch (error) {
      setProblem(problemOf(error).detail);
    }
    setWorking(false);
  };
  const fork = () =>
    work(async () => {
      const id = await session.fork(message);
      if (id) onFork?.(id);
    });
  const remove = () =>
    work(async () => {
      await session.remove(message);
      setConfirming(false);
    });

  return (
    <>
      <Menu
        align="start"
        trigger={
          <IconButton label={`More about this ${what}`} disabled={busy || working}>
            <KebabHorizontalIcon />
          </IconButton>
        }
      >
        {onFork && (
          <MenuItem onSelect={fork}>
            <GitBranchIcon /> Go on in a new conversation
          </MenuItem>
        )}
        <MenuItem danger onSelect={() => setConfirming(true)}>
          <TrashIcon /> Delete from here on
        </MenuItem>
      </Menu>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title={`Delete this ${what}?`}
        action={`Delete ${what}`}
        busy={working}
        error={problem}
        onConfirm={remove}
      >
        <p>Everything below it goes too. This cannot be undone.</p>
      </ConfirmDialog>
      <Dialog open={problem !== null && !confirming} onOpenChange={() => setProblem(null)} title="That did not work">
        <Notice tone="danger">{problem}</Notice>
      </Dialog>
    </>
  );
}
