import { useCallback, useState } from "react";
import type { How } from "../../../client/how-asked.ts";
import { besideOf, siblingsOf } from "../../../client/message-tree.ts";
import { draftMessage } from "../../../client/turn-events.ts";
import type { TurnState } from "../../../client/turn-reducer.ts";
import type { TurnSession } from "../../../client/turn-session.ts";
import type { Message } from "../../../workers/chat/contract.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { AssistantMessage } from "../answer/assistant-message.tsx";
import { ComparedAnswers } from "../answer/compared-answers.tsx";
import { EarlyAnswers, earlyAnswers } from "../answer/early-answers.ts";
import type { Speaker } from "./chat-start.tsx";
import { MessageMenu } from "./message-menu.tsx";
import { UserMessage } from "./user-message.tsx";

interface MessageListProps {
  state: TurnState;
  branch: readonly Message[];
  session: TurnSession;
  /** How what is asked next is asked. */
  how: How;
  speaker: Speaker;
  onTakeBack: (message: Message) => void;
  onFork: ((id: string) => void) | undefined;
}

/** The branch that is shown, what is under way, and what went wrong, each in its place. */
export function MessageList(props: MessageListProps) {
  const { state, branch, session, how, speaker, onTakeBack, onFork } = props;
  const busy = state.live !== null;
  const more = (message: Message) => <MessageMenu message={message} session={session} busy={busy} onFork={onFork} />;
  // Several models cannot answer what was asked before: the one that answers here does.
  const regenerate = useCallback(
    (answer: Message) => session.regenerate(answer, how.models.length > 1 ? { ...how, models: [] } : how),
    [session, how],
  );
  const [early] = useState(() => {
    const last = branch.at(-1);
    return earlyAnswers([...branch, ...(last ? besideOf(state.messages, last) : [])]);
  });
  const isAwaited = branch.at(-1)?.role === "user";
  return (
    <div className="mx-auto w-full max-w-3xl py-6">
      <EarlyAnswers value={early}>
        <ol className="flex flex-col gap-4">
          {branch.map((message, at) => {
            const beside = at === branch.length - 1 ? besideOf(state.messages, message) : [];
            return (
              <li key={message.id} id={message.id} className="scroll-mt-6 rounded-2xl">
                {beside.length > 1 ? (
                  <ComparedAnswers
                    answers={beside}
                    chosen={message.id}
                    busy={busy}
                    menuOf={more}
                    onChoose={session.choose}
                  />
                ) : message.role === "user" ? (
                  <UserMessage
                    message={message}
                    siblings={siblingsOf(state.messages, message)}
                    busy={busy}
                    menu={more(message)}
                    onEdit={(question, content) => session.edit(question, content, how)}
                    onChoose={session.choose}
                  />
                ) : (
                  <AssistantMessage
                    message={message}
                    siblings={siblingsOf(state.messages, message)}
                    speaker={speaker}
                    busy={busy}
                    last={at === branch.length - 1}
                    place={state.live?.messageId === message.id ? state.live.place : null}
                    price={state.prices[message.id]}
                    menu={more(message)}
                    onRegenerate={regenerate}
                    onContinue={session.continueAnswer}
                    onChoose={session.choose}
                  />
                )}
              </li>
            );
          })}
          {state.live && isAwaited && (
            <li>
              <AssistantMessage
                message={draftMessage("assistant", { id: "awaited" })}
                siblings={[]}
                speaker={speaker}
                busy
                last
                place={state.live.place}
                onRegenerate={regenerate}
                onContinue={session.continueAnswer}
                onChoose={session.choose}
              />
            </li>
          )}
        </ol>
      </EarlyAnswers>
      {state.live?.phase === "reconnecting" && (
        <p className="mt-4 flex items-center gap-2 text-ink-soft text-sm">
          <Spinner /> Reconnecting… The answer goes on meanwhile.
        </p>
      )}
      {state.failure && <FailureNotice state={state} branch={branch} session={session} onTakeBack={onTakeBack} />}
    </div>
  );
}

/** A refusal where it happened, with the way out of it. */
function FailureNotice({ state, branch, session, onTakeBack }: Omit<MessageListProps, "how" | "speaker" | "onFork">) {
  const last = branch.at(-1);
  if (!state.failure || !last) return null;
  const unanswered = last.role === "user";
  return (
    <Notice
      tone="danger"
      className="mt-4"
      action={
        <div className="flex gap-1">
          {unanswered && (
            <Button size="small" look="quiet" onClick={() => onTakeBack(last)}>
              Take back
            </Button>
          )}
          {last.status !== "interrupted" && (
            <Button
              size="small"
              onClick={() => (last.status === "failed" ? session.regenerate(last) : session.retry())}
            >
              Try again
            </Button>
          )}
        </div>
      }
    >
      {state.failure.detail}
    </Notice>
  );
}
