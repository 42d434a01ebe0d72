import { SyncIcon } from "@primer/octicons-react";
import { memo, type ReactNode } from "react";
import { Link } from "react-router";
import type { Price } from "../../../client/turn-events.ts";
import type { Place } from "../../../client/waiting.ts";
import type { Message } from "../../../workers/chat/contract.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { BranchSwitcher } from "../room/branch-switcher.tsx";
import { actionsClass } from "../room/message-actions.ts";
import { Answer, endingOf, isUnpaid, Thinking } from "./answer.tsx";
import { AnsweredInstead, Lane } from "./answered-by.tsx";
import { citedIn } from "./cited-in.ts";
import { Reasoning } from "./reasoning.tsx";
import { DroppedCitations, SourceRow } from "./source-row.tsx";

interface AssistantMessageProps {
  message: Message;
  siblings: readonly Message[];
  speaker: { name: string; seed: string };
  busy: boolean;
  last: boolean;
  /** Where it stands in line, or what is to continue it. */
  place: Place | null;
  /** What the model costs that answers in another’s place; undefined where this page was not told. */
  price?: Price | null | undefined;
  /** What else can be done with it. */
  menu?: ReactNode;
  onRegenerate: (message: Message) => void;
  onContinue: (message: Message) => void;
  onChoose: (id: string) => void;
}

/** An answer, with its sources beneath and what can be done with it. */
export const AssistantMessage = memo(function AssistantMessage(props: AssistantMessageProps) {
  const { message, siblings, speaker, busy, last, place, price, menu, onRegenerate, onContinue, onChoose } = props;
  const running = message.status === "running";
  const isAwaited = message.content === "" && running;
  const ending = endingOf(message);
  return (
    <div className="group flex gap-3 sm:gap-4">
      <div className="max-sm:hidden">
        <Avatar name={speaker.name} seed={speaker.seed} size="small" />
      </div>
      <div className="min-w-0 flex-1">
        <div className="mb-1 flex flex-wrap items-center gap-x-2.5">
          <h3 className="font-semibold text-sm leading-7">
            {speaker.name}
            <span className="sr-only"> answered</span>
          </h3>
          <Lane message={message} />
        </div>
        <AnsweredInstead message={message} price={price} />
        {message.reasoning && <Reasoning text={message.reasoning} isThinking={isAwaited} />}
        {/* As high as the place in line may be, so that nothing moves when the answer starts. */}
        <div className={cx(running && "min-h-14")}>
          {isAwaited ? (
            !message.reasoning && <Thinking place={place} />
          ) : (
            <Answer message={message} streaming={running} />
          )}
        </div>
        {place && !running && <Thinking place={place} />}
        {ending && !place && (
          <div className="mt-3 flex flex-wrap items-center gap-3 text-ink-soft text-sm">
            <span>{ending}</span>
            {isUnpaid(message) && (
              <Link to="/wallet" className="text-accent hover:underline">
                To the wallet
              </Link>
            )}
            {last && message.content !== "" && (
              <Button size="small" disabled={busy} onClick={() => onContinue(message)}>
                Continue the answer
              </Button>
            )}
          </div>
        )}
        {!running && (
          <>
            <SourceRow sources={citedIn(message.content, message.citations)} />
            <DroppedCitations count={message.dropped_citations} />
            <div className="mt-1.5 -ml-2 flex h-8 items-center">
              <div className={cx(actionsClass, last && "opacity-100")}>
                {message.content !== "" && <CopyButton text={message.content} label="Copy answer" />}
                <IconButton label="Answer again" disabled={busy} onClick={() => onRegenerate(message)}>
                  <SyncIcon />
                </IconButton>
                {menu}
              </div>
              <BranchSwitcher siblings={siblings} message={message} disabled={busy} onChoose={onChoose} />
            </div>
          </>
        )}
      </div>
    </div>
  );
});
