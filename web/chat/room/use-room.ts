import { type ReactNode, useEffect, useRef, useState } from "react";
import { problemOf } from "../../../client/api-problem.ts";
import type { ConversationSettings } from "../../../client/conversation-settings.ts";
import type { How } from "../../../client/how-asked.ts";
import { branchOf } from "../../../client/message-tree.ts";
import type { Waiting } from "../../../client/waiting.ts";
import type { Message } from "../../../workers/chat/contract.ts";
import { useSettings } from "../settings/settings-button.tsx";
import type { Speaker } from "./chat-start.tsx";
import { useDraft } from "./use-draft.ts";
import { useGoTo } from "./use-go-to.ts";
import { useStickToEnd } from "./use-stick-to-end.ts";
import { useTurns } from "./use-turns.ts";

export interface ChatRoomProps {
  /** Who answers; null for a conversation that belongs to no clone. */
  cloneId: string | null;
  speaker: Speaker;
  /** The slug of the public page that this stands on; null inside the app. */
  visitorOf?: string | null;
  mayOpenDocuments: boolean;
  /** The model that will answer, where that is known before the first answer. */
  model?: string | null;
  /** Whether the clone keeps all that it is asked on own machines. */
  boundByClone?: boolean;
  conversation?: {
    id: string;
    messages: readonly Message[];
    head: string | null;
    waiting: readonly Waiting[];
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

/** What a chat is to all who see it: its messages, what is being written, and what can be done, whoever may do it. */
export function useRoom(props: ChatRoomProps) {
  const { cloneId, visitorOf = null, boundByClone = false, conversation = null, shown = null } = props;
  const { session, state } = useTurns({
    cloneId,
    visitorOf,
    conversationId: conversation?.id ?? null,
    messages: conversation?.messages ?? [],
    head: conversation?.head ?? null,
    waiting: conversation?.waiting ?? [],
    onConversation: (id) => props.onConversation?.(id),
    onTurnEnd: () => props.onTurnEnd?.(),
  });
  // Fixed for as long as the room stands: a conversation that gets its address meanwhile must not swap the draft.
  const [place] = useState(conversation?.id ?? `new:${cloneId ?? "none"}`);
  const [draft, setDraft] = useDraft(place);
  const input = useRef<HTMLTextAreaElement>(null);
  const focus = () => input.current?.focus();
  const scroller = useRef<HTMLDivElement>(null);
  const { away, toEnd, goTo } = useStickToEnd(scroller, state, state.messages.length === 0);
  useGoTo(shown, session, goTo);
  const [how, setHow] = useState<How>({ models: [], privacy: null });
  const stored = conversation?.messages;
  useEffect(() => void (stored && session.tell(stored)), [session, stored]);
  const branch = branchOf(state.messages, state.head);

  return {
    ...useAnswering(props, branch),
    session,
    state,
    branch,
    draft,
    setDraft,
    input,
    focus,
    scroller,
    away,
    toEnd,
    how,
    setHow,
    boundByClone,
  };
}

export type Room = ReturnType<typeof useRoom>;

/** How the conversation is asked, and which model answers in it as far as that is known. */
function useAnswering({ conversation, model }: ChatRoomProps, branch: readonly Message[]) {
  const [settings, setSettings] = useSettings(conversation?.settings);
  // A conversation that gets its address meanwhile is read anew, and then nobody asks who would answer it.
  const [modelAtOpening] = useState(model ?? null);
  const answered = branch.findLast((message) => message.model)?.model;
  return { settings, setSettings, model: settings.model ?? answered ?? model ?? modelAtOpening };
}

/** What is done from the foot of a room: asking at once, or letting a question wait; and why one could not be kept or taken back. */
export function useAsking(room: Room, expectAnswers: () => void) {
  const { session, state, draft, setDraft, input, focus, toEnd, how } = room;
  const [unkept, setUnkept] = useState<string | null>(null);
  const keep = async <T>(call: () => Promise<T>): Promise<T> => {
    setUnkept(null);
    try {
      return await call();
    } catch (error) {
      setUnkept(problemOf(error).detail);
      throw error;
    }
  };
  /** Puts a question that will not be asked where it was written, unless something else is being written there. */
  const giveBack = (question: string) => {
    if (input.current?.value.trim() === "") setDraft(question);
  };
  // Fetched while the first question is written, so that its answer need not wait for it.
  const isWriting = draft !== "" || state.live !== null;
  useEffect(() => void (isWriting && expectAnswers()), [isWriting, expectAnswers]);
  return {
    unkept,
    ask: (question: string) => {
      setUnkept(null);
      session.send(question, how);
      toEnd();
      focus();
    },
    queue: (question: string) => keep(() => session.queue(question, { ...how, models: how.models.slice(0, 1) })),
    unqueue: async (question: Waiting) => {
      const isBack = await keep(() => session.takeBack(question)).catch(() => false);
      if (isBack) giveBack(question.content);
      focus();
    },
    stop: async () => {
      // The stop button goes; the focus must not go with it.
      focus();
      const question = await session.stop();
      if (question !== null) giveBack(question);
    },
    fallBack: () => {
      focus();
      return keep(() => session.fallBack()).catch(() => {});
    },
    takeBack: (message: Message) => {
      session.withdraw(message.id);
      setDraft(message.content);
      focus();
    },
  };
}

export type Asking = ReturnType<typeof useAsking>;
