import type { StoredCitation, TurnInput } from "./turn-log.ts";

/** Whether a turn is the first, or only, one of its question: what is done once for a question, it does. */
export function leads({ turnId, compareGroup }: TurnInput): boolean {
  return compareGroup === null || compareGroup === turnId;
}

/** What tells the events of turns apart that share a stream; turns that are alone need nothing. */
export function tagOf({ messageId, compareGroup }: TurnInput): { message_id?: string } {
  return compareGroup === null ? {} : { message_id: messageId };
}

/** The data of a `citation` event. */
export function citationEvent(citation: StoredCitation) {
  const { documentId, ...rest } = citation;
  return { ...rest, document_id: documentId };
}

/** The citation that such an event told of. */
export function citationFromEvent(data: ReturnType<typeof citationEvent> & { message_id?: string }): StoredCitation {
  const { document_id, message_id: _, ...rest } = data;
  return { ...rest, documentId: document_id };
}
