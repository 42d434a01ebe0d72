import type { Place } from "../../platform/limits/line.ts";
import { load } from "../../platform/limits/overload.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import { queueEvent, type StreamEvent, tagOf } from "../events/turn-events.ts";
import type { ConversationStore } from "../store/conversation-store.ts";
import type { TurnLog } from "./turn-log.ts";

/** A question that waits for the running answer's end. */
export interface WaitingQuestion {
  turnId: string;
  questionId: string;
  messageId: string;
  content: string;
  createdAt: number;
}

/** The questions that wait, in the order in which they will be asked. */
export const questionsThatWait = (log: TurnLog): WaitingQuestion[] =>
  log
    .unfinished()
    .filter(({ state }) => state === "queued")
    .map(({ input: { turnId, question, messageId, createdAt } }) => ({
      turnId,
      questionId: question.id,
      messageId,
      content: question.content,
      createdAt,
    }));

/** What becomes of a turn that waits. */
interface Fate {
  /** Starts turns that belong together. */
  start(inputs: readonly TurnInput[]): Promise<void>;
  /** Shows an event of a turn. */
  tell(turnId: string, event: StreamEvent): void;
}

/** The turns that wait: for another of their conversation to end, then for room on this machine. */
export class WaitingTurns {
  readonly #log: TurnLog;
  readonly #store: ConversationStore;
  readonly #fate: Fate;
  #isInLine = false;

  constructor(log: TurnLog, store: ConversationStore, fate: Fate) {
    this.#log = log;
    this.#store = store;
    this.#fate = fate;
  }

  /** Has the turn that has waited longest start, unless another is at work, once there is room for it. Resolves when that has come about. */
  async startNext(): Promise<void> {
    const [next] = this.#log.unfinished();
    if (next?.state !== "queued" || this.#isInLine) return;
    this.#isInLine = true;
    await load.room((place) => this.#tellPlace(place));
    this.#isInLine = false;
    const together = this.next();
    if (together.length > 0)
      await this.#fate.start(together.map((input) => ({ ...input, ...this.#asItStands(input) })));
  }

  /** Those that come next, which are several where they answer side by side; none where a turn is at work. */
  next(): TurnInput[] {
    const waiting = this.#log.unfinished();
    const [first] = waiting;
    if (first?.state !== "queued") return [];
    const { compareGroup } = first.input;
    return waiting
      .map(({ input }) => input)
      .filter((input) => input === first.input || (compareGroup !== null && input.compareGroup === compareGroup));
  }

  /** Whoever is next by now: what stood in line first may have been taken back. */
  #tellPlace(place: Place): void {
    const [input] = this.next();
    if (input) this.#fate.tell(input.turnId, queueEvent(place, tagOf(input)));
  }

  /** A new question goes behind what is shown now, or where it asked to, while that stands. */
  #asItStands({
    followsHead,
    question,
    privacy = null,
  }: TurnInput): Pick<TurnInput, "question" | "createdAt" | "privacy"> {
    const { isNew, parentId } = question;
    const stands = parentId === null || this.#store.message(parentId) !== undefined;
    const isMoved = isNew && (followsHead || !stands);
    const { headMessageId } = this.#store.conversation;
    const place = isMoved ? headMessageId : parentId;
    const bound = privacy ?? (this.#store.isBound(place) ? "own" : null);
    return { question: { ...question, parentId: place }, createdAt: Date.now(), privacy: bound };
  }
}
