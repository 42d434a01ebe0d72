import { ChevronLeftIcon, ChevronRightIcon } from "@primer/octicons-react";
import type { Message } from "../../../workers/chat/contract.ts";
import { IconButton } from "../../ui/button.tsx";

interface BranchSwitcherProps {
  siblings: readonly Message[];
  message: Message;
  disabled: boolean;
  onChoose: (id: string) => void;
}

/** ‹ 2/3 › between versions of a question or of an answer. */
export function BranchSwitcher({ siblings, message, disabled, onChoose }: BranchSwitcherProps) {
  if (siblings.length < 2) return null;
  const at = siblings.findIndex(({ id }) => id === message.id);
  const what = message.role === "user" ? "question" : "answer";
  const go = (to: number) => {
    const target = siblings[to];
    if (target) onChoose(target.id);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be announced as a form
    <div className="inline-flex items-center" role="group" aria-label={`Versions of this ${what}`}>
      <IconButton label={`Previous ${what}`} disabled={disabled || at === 0} onClick={() => go(at - 1)}>
        <ChevronLeftIcon />
      </IconButton>
      <span className="min-w-8 text-center text-ink-soft text-xs tabular-nums">
        {at + 1}/{siblings.length}
      </span>
      <IconButton label={`Next ${what}`} disabled={disabled || at === siblings.length - 1} onClick={() => go(at + 1)}>
        <ChevronRightIcon />
      </IconButton>
    </div>
  );
}
