import type { Message } from "../../workers/chat/contract.ts";
import { draftMessage } from "../turn-events.ts";

/** A question as it is asked, behind `parentId`; the id is this client's own, so that sending it twice asks once. */
export function newQuestion(content: string, parentId: string | null, id = `msg_${crypto.randomUUID()}`): Message {
  const created_at = new Date().toISOString();
  return draftMessage("user", { id, content, parent_id: parentId, created_at });
}
