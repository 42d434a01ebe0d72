import { DurableObject } from "cloudflare:workers";
import { Problem } from "../platform/errors.ts";
import { createRuntime } from "../platform/runtime.ts";
import { jobContext } from "../workspaces/context.ts";
import type { Reader } from "../workspaces/standing.ts";
import { owns } from "./access.ts";
import type { StoredCitation } from "./answer/stored-citation.ts";
import type { KeptTrace } from "./answer/turn-trace.ts";
import { type ConversationRow, findConversation, type Owner } from "./queries.ts";
import { ConversationStore, type HeldMessage, type Settings } from "./store/conversation-store.ts";
import { readStored } from "./store/move-in-queries.ts";
import type { Asked, AskedBy } from "./turn/asked.ts";
import { Asking, type Turn } from "./turn/asking.ts";
import { TurnHost } from "./turn/turn-host.ts";
import { conversationOf } from "./turn/turn-log.ts";
import { questionsThatWait, type WaitingQuestion } from "./turn/waiting-turns.ts";

/** How long a conversation that is about to go lets nobody in, in ms. */
const closedFor = 30_000;
/** The key under which it stands until when, which outlives this process: its rows may go at any moment, and must not move in before. */
const closedUntil = "closed-until";

/** What a message says at this moment, for those who read the conversation while a turn runs. */
export interface Snapshot {
  content: string;
  citations: StoredCitation[];
  model: string | null;
}

/** A conversation as it is held here, open: what it says, its turns, and those who ask. */
interface Open {
  host: TurnHost;
  asking: Asking;
}

/**
 * One conversation: its truth stands in this object's SQLite (`store/`), and its turns run here. Those that were made elsewhere (by an older version,
 * an import, a copy) move in from D1 when first touched. Methods that take an `owner` say `undefined` to all others, as where there is none.
 */
export class ConversationObject extends DurableObject<Env> {
  /** Whether it is to go for its age: then it may be let be. */
  #isRetired = false;
  #open: Open | null = null;
  #opening: Promise<Open | null> | null = null;
  /** Until when nobody is let in, in ms: the conversation is about to go. */
  #closedUntil = this.ctx.storage.kv.get<number>(closedUntil) ?? 0;

  /** The conversation, opened; null where there is none. What a process that is gone left running is found then, not only by the alarm. */
  async #opened(id: string): Promise<Open | null> {
    if (this.#isClosed) return null;
    if (this.#open) return this.#open;
    this.#opening ??= this.#load(id).finally(() => {
      this.#opening = null;
    });
    const open = await this.#opening;
    return this.#isClosed ? null : open;
  }

  get #isClosed(): boolean {
    return Date.now() < this.#closedUntil;
  }

  async #load(id: string): Promise<Open | null> {
    const { storage } = this.ctx;
    const held = ConversationStore.heldIn(storage);
    const stored = held ? null : await readStored(createRuntime(this.env).db, id);
    if (held) return this.#hold(held);
    return stored && this.#hold(ConversationStore.moveIn(storage, stored), { isNew: true });
  }

  #hold(store: ConversationStore, { isNew = false } = {}): Open {
    const host = new TurnHost(this.ctx, this.env, store);
    this.#open = { host, asking: new Asking(host) };
    if (isNew) host.endStrays();
    host.recover();
    return this.#open;
  }

  /** The conversation, where it is theirs. Throws `turn_in_progress` where it is about to go for its age, and has not gone. */
  async #own(id: string, owner: Owner): Promise<Open | null> {
    const open = await this.#opened(id);
    if (this.#isClosed && this.#isRetired) await this.#refuseRetired(id, owner);
    return open && owns(owner, open.host.store.conversation) ? open : null;
  }

  async #refuseRetired(id: string, owner: Owner): Promise<void> {
    if (!(await findConversation(createRuntime(this.env).db, owner, id))) return;
    const detail = "This conversation is about to be deleted, as it is old. Look again in half a minute.";
    throw new Problem("turn_in_progress", detail, { retryAfterSeconds: closedFor / 1_000 });
  }

  /** Takes in a conversation that has just been made. */
  async moveIn(conversation: ConversationRow): Promise<void> {
    if (this.#isClosed || this.#open || this.#opening || ConversationStore.heldIn(this.ctx.storage)) return;
    this.#hold(ConversationStore.moveIn(this.ctx.storage, { conversation, messages: [], summary: null }));
  }

  /** Asks the conversation: see `Asking.ask`. */
  async ask(id: string, by: AskedBy, asked: Asked): Promise<Turn | null | undefined> {
    const own = await this.#own(id, by.owner);
    if (!own) return undefined;
    const runtime = createRuntime(this.env, { object: "conversation" });
    const defer = (work: Promise<unknown>) =>
      this.ctx.waitUntil(work.catch((error) => runtime.log.error("deferred_work_failed", error)));
    const requestId = by.source.requestId ?? this.ctx.id.toString();
    return own.asking.ask(jobContext(runtime, "turn", { requestId, defer }), by, asked);
  }

  /** The events of a turn (of the last one where none is named) behind `after`, then live; null where nothing is kept. */
  async listen(
    id: string,
    owner: Owner,
    { turnId, after, reader }: { turnId: string | null; after: number; reader: Reader },
  ): Promise<ReadableStream<Uint8Array> | null | undefined> {
    const own = await this.#own(id, owner);
    if (!own) return undefined;
    const { log, audience } = own.host;
    const record = turnId ? log.turn(turnId) : log.lastTurn();
    return record ? audience.listeners.attach(log.streamOf(record.input), after, reader) : null;
  }

  /** Has the next model asked where an answer waits in line for one; false where none does, undefined where it is not theirs. */
  async fallBack(id: string, owner: Owner): Promise<boolean | undefined> {
    return (await this.#own(id, owner))?.host.fallBack();
  }

  /** Ends what is being written; what was said stays. What waits starts then. False where nothing was. */
  async stop(id: string, owner: Owner): Promise<boolean | undefined> {
    return (await this.#own(id, owner))?.host.stop();
  }

  /** The questions that wait, in the order in which they will be asked. */
  async waiting(id: string, owner: Owner): Promise<WaitingQuestion[] | undefined> {
    const own = await this.#own(id, owner);
    return own ? questionsThatWait(own.host.log) : undefined;
  }

  /** Takes back a question that waits; false where it does not (any more). */
  async withdraw(id: string, owner: Owner, turnId: string): Promise<boolean | undefined> {
    return (await this.#own(id, owner))?.host.withdraw(turnId);
  }

  /** The whole tree, oldest first; answers that are being written say what is stored of them at this moment. */
  async messages(id: string, owner: Owner): Promise<HeldMessage[] | undefined> {
    const own = await this.#own(id, owner);
    return own ? this.#live(own, own.host.store.messages()) : undefined;
  }

  /** One message of the tree, as `messages` gives it; null where it is not there. */
  async message(id: string, owner: Owner, messageId: string): Promise<HeldMessage | null | undefined> {
    const own = await this.#own(id, owner);
    return own ? (this.#live(own, [own.host.store.message(messageId) ?? []].flat())[0] ?? null) : undefined;
  }

  /** What happened for an answer of the tree; null where that is not there, or nothing is known of it. */
  async traceOf(id: string, owner: Owner, messageId: string): Promise<KeptTrace | null | undefined> {
    const own = await this.#own(id, owner);
    return own ? (own.host.store.trace(messageId) ?? null) : undefined;
  }

  /** The conversation as it is at this moment, but for how it is filed. */
  async conversation(id: string, owner: Owner): Promise<ConversationRow | undefined> {
    return (await this.#own(id, owner))?.host.store.conversation;
  }

  /** The conversation with its tree, for a reader who has been let in by something else than owning it. */
  async shared(id: string): Promise<{ conversation: ConversationRow; messages: HeldMessage[] } | undefined> {
    const open = await this.#opened(id);
    if (!open) return undefined;
    const { store } = open.host;
    return { conversation: store.conversation, messages: this.#live(open, store.messages()) };
  }

  /** The branch that ends with a message, oldest first: empty where there is no such message. */
  async branch(id: string, owner: Owner, messageId: string): Promise<HeldMessage[] | undefined> {
    return (await this.#own(id, owner))?.host.store.branch(messageId);
  }

  #live({ host: { log } }: Open, messages: HeldMessage[]): HeldMessage[] {
    return messages.map((message) => {
      const record = message.status === "running" ? log.turnOfMessage(message.id) : undefined;
      return record ? { ...message, ...log.said(record), model: record.model } : message;
    });
  }

  /** What those of the given messages say at this moment that are being written, for whoever reads the rest in D1. */
  async snapshots(id: string, messageIds: readonly string[]): Promise<Record<string, Snapshot>> {
    const open = await this.#opened(id);
    if (!open) return {};
    const found = messageIds.flatMap((messageId) => open.host.store.message(messageId) ?? []);
    return Object.fromEntries(
      this.#live(open, found).map(({ id, content, citations, model }) => [id, { content, citations, model }]),
    );
  }

  /** Changes what the object decides of its conversation; false where a head is no message of it. Resolves when D1 has it, if that can be reached. */
  async change(id: string, owner: Owner, changes: Partial<Settings>): Promise<boolean | undefined> {
    const own = await this.#own(id, owner);
    if (!own) return undefined;
    const { store } = own.host;
    const head = changes.headMessageId;
    if (typeof head === "string" && !store.message(head)) return false;
    store.change(changes);
    await own.host.change({ conversation: true });
    return true;
  }

  /** Takes out a message with everything below it: how many went, 0 where an answer is being written there, null where there is no such message. */
  async removeBranch(id: string, owner: Owner, messageId: string): Promise<number | null | undefined> {
    const own = await this.#own(id, owner);
    if (!own) return undefined;
    const removed = own.host.store.removeBranch(messageId);
    if (removed === undefined) return null;
    if (removed.length > 0) await own.host.change({ conversation: true, removed });
    return removed.length;
  }

  /** Lets the conversation go where nothing is being written in it: false where something is. See `erase`. */
  async retire(id: string): Promise<boolean> {
    // What is in D1 alone goes from there, without moving in.
    if (!this.#opening && !this.#isHere()) this.#closedUntil = Date.now() + closedFor;
    const open = await this.#opened(id);
    await open?.asking.idle();
    if (open && open.host.log.unfinished().length > 0) return false;
    this.#isRetired = true;
    await this.erase(id);
    return true;
  }

  /**
   * Forgets the conversation: its turns end, also those that wait, what was used is told, and all that stands here goes. For a while nobody is let in, in
   * which its rows go too, or it is let be: then it moves in again. May be repeated. Throws where D1 cannot be told of what was
   * used: then nothing goes.
   */
  async erase(id: string): Promise<void> {
    this.#closedUntil = Date.now() + closedFor;
    // What moves in, or starts, at this moment does so before it goes.
    await this.#opening?.catch(() => {});
    const open = this.#open ?? (this.#isHere() ? await this.#load(id) : null);
    await open?.asking.idle();
    if (open && !(await open.host.end())) {
      this.#closedUntil = 0;
      throw new Error("What a conversation has still to hand over cannot be stored at present.");
    }
    this.#open = null;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.ctx.storage.kv.put(closedUntil, this.#closedUntil);
    // Then this goes too.
    await this.ctx.storage.setAlarm(this.#closedUntil);
  }

  /** Whether something stands here: a conversation, or the turns that an older version left of one. */
  #isHere(): boolean {
    const { storage } = this.ctx;
    return ConversationStore.heldIn(storage) !== null || conversationOf(storage) !== null;
  }

  /** Opens a WebSocket; the Worker has found out whose it is. Everything else comes by the methods above. */
  override async fetch(request: Request): Promise<Response> {
    const open = await this.#opened(new URL(request.url).pathname.slice(1));
    return open ? open.host.audience.sockets.accept(request) : new Response(null, { status: 404 });
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    await this.#awake()?.host.audience.sockets.message(socket, message);
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    this.#awake()?.host.audience.sockets.closed(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#awake()?.host.audience.sockets.closed(socket);
  }

  /** What is held here, where the object wakes without being told of which conversation it is. */
  #awake(): Open | null {
    const held = this.#open || this.#isClosed ? null : ConversationStore.heldIn(this.ctx.storage);
    return held ? this.#hold(held) : this.#open;
  }

  override async alarm(): Promise<void> {
    // One that an older version left here with a turn has its rows in D1.
    const id = conversationOf(this.ctx.storage);
    const open = this.#awake() ?? (id === null ? null : await this.#opened(id));
    if (open) await open.host.wake();
    else await this.ctx.storage.deleteAll();
  }
}
