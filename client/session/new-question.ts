import type { Message } from "../../workers/chat/contract.ts";
import { draftMessage } from "../turn-events.ts";

/** How the next questions are asked: of the models that were chosen, bound to one's own machines or not. */
export interface How {
  /** None for the one that answers here anyway. */
  models: readonly string[];
  privacy: Message["privacy"];
}

/** What a question says of how it is asked, where it says more than its conversation does. */
export const spoken = ({ models: [model], privacy }: How) => ({
  ...(model ? { model } : {}),
  ...(privacy ? { privacy } : {}),
});

/** A question as it is asked, behind `parentId`; the id is this client's own, so that sending it twice asks once. */
export function newQuestion(content: string, parentId: string | null, id = `msg_${crypto.randomUUID()}`): Message {
  const created_at = new Date().toISOString();
  return draftMessage("user", { id, content, parent_id: parentId, created_at });
}
