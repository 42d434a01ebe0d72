import { ArrowDownIcon } from "@primer/octicons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { problemOf } from "../../../client/api-problem.ts";
import type { ConversationSettings } from "../../../client/conversation-settings.ts";
import { branchOf } from "../../../client/message-tree.ts";
import type { Waiting } from "../../../client/turn-reducer.ts";
import type { Message } from "../../../workers/chat/contract.ts";
import { Notice } from "../../ui/notice.tsx";
import { whenNeeded } from "../../ui/when-needed.tsx";
import { useMay } from "../../workspaces/use-may.ts";
import { MayOpenDocuments } from "../answer/may-open-documents.ts";
import { ModelBadge } from "../settings/model-badge.tsx";
import { ModelMenu } from "../settings/model-menu.tsx";
import { SettingsButton, useSettings } from "../settings/settings-button.tsx";
import { ChatStart, type Speaker } from "./chat-start.tsx";
import { Composer } from "./composer.tsx";
import { TurnAnnouncer } from "./turn-announcer.tsx";
import { useDraft } from "./use-draft.ts";
import { useGoTo } from "./use-go-to.ts";
import { useStickToEnd } from "./use-stick-to-end.ts";
import { useTurns } from "./use-turns.ts";
import { WaitingQuestions } from "./waiting-questions.tsx";

const fetchMessages = async () => (await import("./message-list.tsx")).MessageList;
const MessageList = whenNeeded(fetchMessages);

/** Fetches what shows messages, silently: where it does not come, what shows them says so. */
const expectAnswers = () =>
  void Promise.all([fetchMessages(), import("../answer/answer-markdown.tsx")]).catch(() => {});

export interface ChatRoomProps {
  /** Who answers; null for a conversation that belongs to no clone. */
  cloneId: string | null;
  speaker: Speaker;
  /** The slug of the public page that this stands on; null inside the app. */
  visitorOf?: string | null;
  mayOpenDocuments: boolean;
  /** The model that will answer, where that is known before the first answer. */
  model?: string | null;
  conversation?: {
    id: string;
    messages: readonly Message[];
    head: string | null;
    settings: ConversationSettings;
  } | null;
  /** A message to go to, such as one that a search found; null for the end. */
  shown?: string | null;
  /** False where the page itself already says who this is. */
  introduce?: boolean;
  /** Above the starters, such as “this clone has no documents yet”. */
  notice?: ReactNode;
  onConversation?: (id: string) => void;
  onTurnEnd?: () => void;
  onSettings?: () => void;
  /** Where given, a branch can be taken into a conversation of its own, which this then shows. */
  onFork?: (id: string) => void;
}

/** A whole chat: messages, streaming, composer. It fills the height it is given and scrolls inside. */
export function ChatRoom(props: ChatRoomProps) {
  const { cloneId, speaker, visitorOf = null, conversation = null, introduce = true } = props;
  const { session, state } = useTurns({
    cloneId,
    visitorOf,
    conversationId: conversation?.id ?? null,
    messages: conversation?.messages ?? [],
    head: conversation?.head ?? null,
    onConversation: (id) => props.onConversation?.(id),
    onTurnEnd: () => props.onTurnEnd?.(),
  });
  // Fixed for as long as the room stands: a conversation that gets its address meanwhile must not swap the draft.
  const [place] = useState(conversation?.id ?? `new:${cloneId ?? "none"}`);
  const [draft, setDraft] = useDraft(place);
  const scroller = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const { away, toEnd, goTo } = useStickToEnd(scroller, state, state.messages.length === 0);
  const branch = branchOf(state.messages, state.head);
  const [settings, setSettings] = useSettings(conversation?.settings);
  // A conversation that gets its address meanwhile is read anew, and then nobody asks who would answer it.
  const [modelAtOpening] = useState(props.model ?? null);
  const model = settings.model ?? branch.findLast((message) => message.model)?.model ?? props.model ?? modelAtOpening;

  const [models, setModels] = useState<readonly string[]>([]);
  const mayAsk = useMay("conversation.write");
  const [unkept, setUnkept] = useState<string | null>(null);

  const ask = (question: string) => {
    setUnkept(null);
    session.send(question, models);
    toEnd();
    input.current?.focus();
  };

  useGoTo(props.shown ?? null, session, goTo);

  // Fetched while the first question is written, so that its answer need not wait for it.
  const isWriting = draft !== "" || state.live !== null;
  useEffect(() => void (isWriting && expectAnswers()), [isWriting]);

  const configure = async (next: ConversationSettings) => {
    await session.configure(next);
    setSettings(next);
    props.onSettings?.();
  };

  const queue = async (question: string) => {
    setUnkept(null);
    try {
      await session.queue(question, models[0]);
    } catch (error) {
      setUnkept(problemOf(error).detail);
      throw error;
    }
  };

  const unqueue = async (question: Waiting) => {
    setUnkept(null);
    try {
      const isBack = await session.takeBack(question);
      if (isBack && draft.trim() === "") setDraft(question.content);
    } catch (error) {
      setUnkept(problemOf(error).detail);
    }
    input.current?.focus();
  };

  const takeBack = (message: Message) => {
    session.withdraw(message.id);
    setDraft(message.content);
    input.current?.focus();
  };

  return (
    <MayOpenDocuments value={props.mayOpenDocuments}>
      <div className="relative flex h-full min-h-0 flex-col">
        <section
          ref={scroller}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          aria-label="Messages"
          className="focus-inset min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 sm:px-6"
        >
          <div className="flex min-h-full flex-col">
            {branch.length === 0 ? (
              <ChatStart
                introduce={introduce}
                speaker={mayAsk ? speaker : { ...speaker, starters: [] }}
                badge={<ModelBadge model={model} />}
                notice={props.notice}
                onAsk={ask}
              />
            ) : (
              <MessageList
                state={state}
                branch={branch}
                session={session}
                models={models}
                speaker={speaker}
                onTakeBack={takeBack}
                onFork={props.onFork}
              />
            )}
          </div>
        </section>
        {away && (
          <button
            type="button"
            onClick={toEnd}
            className="absolute bottom-28 left-1/2 inline-flex h-9 -translate-x-1/2 animate-fade items-center gap-1.5 rounded-full border border-line bg-raised px-3.5 text-sm shadow-lift hover:bg-hover"
          >
            <ArrowDownIcon /> Latest
          </button>
        )}
        <div className="px-3 pt-2 pb-3 sm:px-6">
          <div className="mx-auto w-full max-w-3xl">
            <WaitingQuestions waiting={state.waiting} onTakeBack={unqueue} />
            {unkept && (
              <Notice tone="danger" className="mb-2">
                {unkept}
              </Notice>
            )}
            {mayAsk ? (
              <Composer
                text={draft}
                onText={setDraft}
                label={`Ask ${speaker.name}`}
                running={state.live !== null}
                stopping={state.live?.phase === "stopping"}
                inputRef={input}
                onSend={ask}
                onQueue={visitorOf === null && models.length < 2 ? queue : undefined}
                mustWait={models.length > 1 ? "Models are compared when no answer is being written." : null}
                onStop={() => {
                  void session.stop();
                  // The stop button goes; the focus must not go with it.
                  input.current?.focus();
                }}
              />
            ) : (
              <Notice tone="info">
                You look on here. Ask an owner or admin of the workspace for a role that may ask.
              </Notice>
            )}
            {!mayAsk ? null : visitorOf === null ? (
              <div className="mt-1.5 flex min-w-0 items-center justify-center gap-1">
                <ModelMenu chosen={models} onChoose={setModels} usual={model} />
                <SettingsButton settings={settings} onSave={configure} />
              </div>
            ) : (
              branch.length > 0 && (
                <div className="mt-2 flex justify-center">
                  <ModelBadge model={model} />
                </div>
              )
            )}
          </div>
        </div>
        <TurnAnnouncer state={state} />
      </div>
    </MayOpenDocuments>
  );
}
