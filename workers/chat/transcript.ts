import type { Citation, Conversation, Message } from "./contract.ts";

/** One message as a reader of a document wants it. */
export interface Entry {
  role: "user" | "assistant";
  name: string;
  /** ISO 8601. */
  at: string;
  text: string;
  /** What to say of an answer that did not come to its end; null of one that did. */
  note: string | null;
  sources: Citation[];
}

/** A conversation as a document: the branch that is shown, from its beginning. */
export interface Transcript {
  title: string;
  createdAt: string;
  model: string | null;
  entries: Entry[];
}

const notes: Record<Message["status"], string | null> = {
  complete: null,
  running: "This answer was still being written.",
  stopped: "This answer was stopped.",
  interrupted: "This answer was cut off.",
  failed: "This answer failed.",
};

/** The messages from the root down to `headId`; down the newest branch where it names none of them. */
export function shownBranch(messages: Message[], headId: string | null): Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const branch: Message[] = [];
  const seen = new Set<string>();
  let at = byId.get(headId ?? "") ?? messages.at(-1);
  while (at && !seen.has(at.id)) {
    seen.add(at.id);
    branch.unshift(at);
    at = at.parent_id === null ? undefined : byId.get(at.parent_id);
  }
  return branch;
}

/** A conversation as a document. */
export function transcriptOf(conversation: Conversation, messages: Message[], answerer: string): Transcript {
  const branch = shownBranch(messages, conversation.head_message_id);
  return {
    title: conversation.title,
    createdAt: conversation.created_at,
    model: branch.findLast(({ model }) => model !== null)?.model ?? conversation.model,
    entries: branch.map(({ role, created_at, content, status, citations }) => ({
      role,
      name: role === "user" ? "You" : answerer,
      at: created_at,
      text: content,
      note: notes[status],
      sources: citations,
    })),
  };
}

/** `2026-11-03 12:00 UTC`. */
export function readableTime(isoTime: string): string {
  return `${isoTime.slice(0, 10)} ${isoTime.slice(11, 16)} UTC`;
}

/** Where a source stands: `report.pdf, page 3, Results`. */
export function placeOf({ source, page, section }: Citation): string {
  return [source, page !== null && `page ${page}`, section].filter(Boolean).join(", ");
}
