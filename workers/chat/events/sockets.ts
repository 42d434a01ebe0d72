import type { Holder } from "../../workspaces/standing.ts";
import type { EventLog, LogRow } from "./event-log.ts";
import { eventMessage, momentMessage, readMessage } from "./socket-messages.ts";

/** How many sockets one conversation may have open. */
const mostSockets = 50;
const batchRows = 100;
/** Others hear of somebody's typing at most this often, in ms. */
const typingEveryMs = 1_000;

/** Messages that one socket may send in `windowMs`; an attach and who types are far fewer. */
const mostMessages = 120;
const windowMs = 10_000;
/** How often one socket may attach behind what it was sent: each time it is sent the log again, whether it reads or not. */
const mostRewinds = 10;

/** What a socket remembers while the object sleeps. */
interface Attachment {
  /** The last event that it was sent, or null before it attached. */
  cursor: number | null;
  rewinds: number;
  holder: Holder;
}

const attachmentOf = (socket: WebSocket) => socket.deserializeAttachment() as Attachment;
const cursorOf = (socket: WebSocket) => attachmentOf(socket).cursor;
const setCursor = (socket: WebSocket, cursor: number) =>
  socket.serializeAttachment({ ...attachmentOf(socket), cursor } satisfies Attachment);

/** Carries from the Worker, which has found it out, who opens a socket. */
export const holderHeader = "X-Understudy-Holder";

/** Sends, unless the socket is gone already: its close is on its way then. */
function send(socket: WebSocket, message: string): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(message);
}

/** Ends a socket that asks for more than it may; a new one is let in as any request is. */
const overdone = (socket: WebSocket, reason: string) => socket.close(1_008, reason);

const turnOut = (socket: WebSocket) => socket.close(1_008, "Your access to this conversation has ended.");

/**
 * The WebSockets of one conversation. They sleep with the object: whatever must outlive it is in their attachments and in the log,
 * which they share with the streams.
 */
export class Sockets {
  readonly #state: DurableObjectState;
  readonly #log: EventLog;
  readonly #stands: (holder: Holder) => Promise<boolean>;
  readonly #typedAt = new WeakMap<WebSocket, number>();
  readonly #windows = new WeakMap<WebSocket, { since: number; messages: number }>();
  /** Events up to this one are on disk, and may be shown. */
  #durableId: number;

  constructor(state: DurableObjectState, log: EventLog, stands: (holder: Holder) => Promise<boolean>) {
    this.#state = state;
    this.#log = log;
    this.#stands = stands;
    this.#durableId = log.lastId;
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /** Opens a socket; it is sent nothing of the log before it attaches. */
  accept(request: Request): Response {
    if (this.#state.getWebSockets().length >= mostSockets) return new Response(null, { status: 429 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.#state.acceptWebSocket(server);
    const holder = JSON.parse(request.headers.get(holderHeader) ?? "") as Holder;
    server.serializeAttachment({ cursor: null, rewinds: 0, holder } satisfies Attachment);
    this.#tellPresence();
    return new Response(null, { status: 101, webSocket: client });
  }

  async message(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    // What still came in when it was closed.
    if (socket.readyState !== WebSocket.OPEN) return;
    if (this.#isTooMany(socket)) {
      overdone(socket, "Too many messages. Connect again, and send fewer.");
      return;
    }
    if (!(await this.#stands(attachmentOf(socket).holder))) return turnOut(socket);
    const received = readMessage(message);
    switch (received.type) {
      case "attach":
        this.#attach(socket, received.after);
        break;
      case "typing":
        this.#tellTyping(socket);
        break;
      case "refused":
        send(socket, momentMessage("problem", { code: received.code, detail: received.detail }));
        break;
    }
  }

  /** Closes the sockets of those who are not let in any more. */
  async dismiss(): Promise<void> {
    for (const socket of this.#state.getWebSockets()) {
      if (!(await this.#stands(attachmentOf(socket).holder))) turnOut(socket);
    }
  }

  closed(socket: WebSocket): void {
    this.#tellPresence(socket);
  }

  /** Ends all of them: their conversation is gone. */
  closeAll(): void {
    for (const socket of this.#state.getWebSockets()) socket.close(1_000, "The conversation was deleted.");
  }

  /** Sends events that are on disk to everybody who attached. */
  emit(rows: LogRow[]): void {
    const [first, last] = [rows.at(0), rows.at(-1)];
    if (!first || !last) return;
    this.#durableId = Math.max(this.#durableId, last.id);
    for (const socket of this.#state.getWebSockets()) {
      const cursor = cursorOf(socket);
      if (cursor === null) continue;
      // Whoever woke up with something missing between gets that from the log.
      if (cursor < first.id - 1) this.#serve(socket);
      else this.#give(socket, cursor, rows);
    }
  }

  /** Counts a message; true where they are too many. */
  #isTooMany(socket: WebSocket): boolean {
    const now = Date.now();
    const last = this.#windows.get(socket);
    const window = last && now - last.since < windowMs ? last : { since: now, messages: 0 };
    window.messages += 1;
    this.#windows.set(socket, window);
    return window.messages > mostMessages;
  }

  #attach(socket: WebSocket, after: number): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    const { cursor, rewinds, holder } = attachmentOf(socket);
    const isRewind = cursor !== null && after < cursor;
    if (isRewind && rewinds >= mostRewinds) {
      overdone(socket, "Attached too often behind what was sent. Connect again.");
      return;
    }
    const attachment: Attachment = {
      cursor: Math.min(after, this.#durableId),
      rewinds: rewinds + Number(isRewind),
      holder,
    };
    socket.serializeAttachment(attachment);
    this.#serve(socket);
  }

  #serve(socket: WebSocket): void {
    for (;;) {
      const cursor = cursorOf(socket) ?? 0;
      const rows = this.#log.ofAll(cursor, this.#durableId, batchRows);
      this.#give(socket, cursor, rows);
      if (rows.length < batchRows) return;
    }
  }

  #give(socket: WebSocket, cursor: number, rows: LogRow[]): void {
    const fresh = rows.filter(({ id }) => id > cursor);
    for (const row of fresh) send(socket, eventMessage(row));
    const last = fresh.at(-1);
    if (last) setCursor(socket, last.id);
  }

  #tellTyping(socket: WebSocket): void {
    const now = Date.now();
    if (now - (this.#typedAt.get(socket) ?? 0) < typingEveryMs) return;
    this.#typedAt.set(socket, now);
    const message = momentMessage("typing", {});
    for (const other of this.#state.getWebSockets()) if (other !== socket) send(other, message);
  }

  /** Tells everybody how many are here; one that is closing is not. */
  #tellPresence(leaving?: WebSocket): void {
    const here = this.#state
      .getWebSockets()
      .filter((socket) => socket !== leaving && socket.readyState === WebSocket.OPEN);
    const message = momentMessage("presence", { listeners: here.length });
    for (const socket of here) send(socket, message);
  }
}
