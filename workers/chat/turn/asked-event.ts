import type { TurnInput } from "../answer/turn-input.ts";
import type { Change } from "../projection/outbox.ts";

/** That a question was asked, for the log of its workspace: once for a turn. Nothing where nobody knows who asked. */
export function askedEvent({
  turnId,
  workspaceId,
  conversationId,
  cloneId,
  question,
  createdAt,
  source,
}: TurnInput): Pick<Change, "event"> {
  if (!source) return {};
  const details = { conversation_id: conversationId, clone_id: cloneId, turn_id: turnId, new: question.isNew };
  const event = { action: "message.asked", resource: { kind: "message", id: question.id }, details } as const;
  return { event: { once: `aud_${turnId}`, at: createdAt, workspaceId, source, event } };
}
