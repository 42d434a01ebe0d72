import { CreditCardIcon, GitBranchIcon, HistoryIcon, KebabHorizontalIcon, TrashIcon } from "@primer/octicons-react";
import { useState } from "react";
import type { TurnSession } from "../../../client/turn-session.ts";
import type { Message } from "../../../workers/chat/contract.ts";
import { IconButton } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/dialog/confirm-dialog.tsx";
import { FailureDialog } from "../../ui/dialog/failure-dialog.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { whenNeeded } from "../../ui/when-needed.tsx";
import { useAttempt } from "../../use-attempt.ts";

const WhatHappened = whenNeeded(async () => (await import("../trace/what-happened.tsx")).WhatHappened);

const ReceiptDialog = whenNeeded(async () => (await import("../trace/receipt.tsx")).ReceiptDialog);

interface MessageMenuProps {
  message: Message;
  session: TurnSession;
  busy: boolean;
  onFork: ((id: string) => void) | undefined;
}

/** What is seldom done with a message: go on elsewhere from it, see how an answer came about, or delete it with what follows. */
export function MessageMenu({ message, session, busy, onFork }: MessageMenuProps) {
  const [confirming, setConfirming] = useState(false);
  /** The conversation that is asked what happened for the answer. */
  const [askedOf, setAskedOf] = useState<string | null>(null);
  const [showsReceipt, setShowsReceipt] = useState(false);
  const { busy: working, problem, attempt, forget } = useAttempt();
  const what = message.role === "user" ? "question" : "answer";

  const fork = () =>
    attempt(async () => {
      const id = await session.fork(message);
      if (id) onFork?.(id);
    });
  const remove = () =>
    attempt(async () => {
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
        {message.role === "assistant" && !session.isVisitors && (
          <MenuItem onSelect={() => setAskedOf(session.conversationId())}>
            <HistoryIcon /> What happened
          </MenuItem>
        )}
        {message.role === "assistant" && !session.isVisitors && (
          <MenuItem onSelect={() => setShowsReceipt(true)}>
            <CreditCardIcon /> Receipt
          </MenuItem>
        )}
        <MenuItem danger onSelect={() => setConfirming(true)}>
          <TrashIcon /> Delete from here on
        </MenuItem>
      </Menu>
      {askedOf && <WhatHappened conversationId={askedOf} messageId={message.id} onClose={() => setAskedOf(null)} />}
      {showsReceipt && <ReceiptDialog messageId={message.id} onClose={() => setShowsReceipt(false)} />}
      <ConfirmDialog
        open={confirming}
        onOpenChange={(open) => {
          setConfirming(open);
          forget();
        }}
        title={`Delete this ${what}?`}
        action={`Delete ${what}`}
        busy={working}
        error={problem?.detail ?? null}
        onConfirm={remove}
      >
        <p>Everything below it goes too. This cannot be undone.</p>
      </ConfirmDialog>
      <FailureDialog problem={confirming ? null : (problem?.detail ?? null)} onClose={forget} />
    </>
  );
}
