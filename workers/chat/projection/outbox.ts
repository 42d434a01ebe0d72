import type { UsageEvent } from "../../metering/queries.ts";
import type { Settlement } from "../answer/turn-result.ts";
import type { ConversationStore } from "../store/conversation-store.ts";
import type { LeftEvent, Projection } from "./projection.ts";

/** What has changed, of which D1 does not know yet. */
export interface Change {
  /** Whether the conversation itself has. */
  conversation?: boolean;
  /** Ids of messages that are new or have changed. */
  messages?: string[];
  removed?: string[];
  usage?: UsageEvent;
  /** What its payer's wallet is to be told. */
  settlement?: Settlement | null;
  event?: LeftEvent;
}

interface Kept extends Change {
  /** When it was made, in ms. */
  at: number;
}

interface Entry extends Kept {
  seq: number;
  /** Whether it is being handed over, by this process. */
  isOnItsWay: boolean;
}

/** Some of what waits, as it is handed over. */
export interface Sending {
  projection: Projection;
  settlements: readonly Settlement[];
  entries: readonly Entry[];
}

/**
 * What an object has still to hand over to D1, in its SQLite: it stands in the commit of the change itself and goes when D1 has it. Of messages
 * only the ids are kept: what is handed over is what they say then.
 */
export class Outbox {
  readonly #storage: DurableObjectStorage;
  readonly #store: ConversationStore;
  #pending: Entry[];
  #lastSeq: number;
  /** Numbers of entries that are in D1, but stand in storage still: they go with the next write, which costs no commit then. */
  #handedOver: number[] = [];

  constructor(storage: DurableObjectStorage, store: ConversationStore) {
    this.#storage = storage;
    this.#store = store;
    // Numbers are given by hand: SQLite's own AUTOINCREMENT writes a second page at every commit.
    storage.sql.exec("CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY, change TEXT NOT NULL)");
    this.#pending = storage.sql
      .exec("SELECT seq, change FROM outbox ORDER BY seq")
      .toArray()
      .map(({ seq, change }) => ({ ...(JSON.parse(String(change)) as Kept), seq: Number(seq), isOnItsWay: false }));
    this.#lastSeq = this.#pending.at(-1)?.seq ?? 0;
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  add(change: Change): void {
    this.tidy();
    const kept: Kept = { ...change, at: Date.now() };
    const seq = ++this.#lastSeq;
    this.#storage.sql.exec("INSERT INTO outbox (seq, change) VALUES (?, ?)", seq, JSON.stringify(kept));
    this.#pending.push({ ...kept, seq, isOnItsWay: false });
  }

  /** Takes out of storage what has been handed over; to be called where something is written anyway. */
  tidy(): void {
    if (this.#handedOver.length === 0) return;
    const numbers = JSON.stringify(this.#handedOver);
    this.#storage.sql.exec("DELETE FROM outbox WHERE seq IN (SELECT value FROM json_each(?))", numbers);
    this.#handedOver = [];
  }

  /** Notes that D1 has what was sent. */
  handedOver({ entries }: Sending): void {
    this.#pending = this.#pending.filter((entry) => !entries.includes(entry));
    this.#handedOver.push(...entries.map(({ seq }) => seq));
  }

  /** Notes that D1 may not have what was sent: it waits again. */
  giveBack({ entries }: Sending): void {
    for (const entry of entries) entry.isOnItsWay = false;
  }

  /** All that waits and is not on its way yet, which it is then; null where there is nothing. */
  take(): Sending | null {
    const all = this.#pending.filter(({ isOnItsWay }) => !isOnItsWay);
    const [first] = all;
    if (!first) return null;
    for (const entry of all) entry.isOnItsWay = true;
    const changed = new Set(all.flatMap(({ messages = [] }) => messages));
    const messages = [...changed].flatMap((id) => this.#store.message(id) ?? []);
    const projection = {
      conversationId: this.#store.conversation.id,
      since: first.at,
      conversation: all.some(({ conversation }) => conversation) ? this.#settings() : null,
      messages: messages.map(({ citations: _, ...row }) => row),
      citations: messages.flatMap(({ id, citations }) => citations.map((each) => ({ ...each, messageId: id }))),
      removed: all.flatMap(({ removed = [] }) => removed),
      usage: all.flatMap(({ usage }) => usage ?? []),
      events: all.flatMap(({ event }) => event ?? []),
    };
    return { projection, settlements: all.flatMap(({ settlement }) => settlement ?? []), entries: all };
  }

  #settings(): Projection["conversation"] {
    const { title, titleSource, model, systemPrompt, temperature, topP, maxTokens } = this.#store.conversation;
    // One that moved in from an older version has no word of the last two.
    const { headMessageId, updatedAt, reasoning = null, privacy = null } = this.#store.conversation;
    const how = { model, systemPrompt, temperature, topP, maxTokens, reasoning, privacy };
    return { title, titleSource, ...how, headMessageId, updatedAt };
  }
}
