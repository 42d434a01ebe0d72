import type { Context } from "../../workspaces/context.ts";
import type { Snapshot } from "../conversation-object.ts";
import type { MessageRow } from "../queries.ts";
import { conversationObject } from "./get-conversation.ts";

/** What those of a conversation's messages say at this moment that are being written, by their ids. */
export async function liveSnapshots(
  ctx: Pick<Context, "env">,
  conversationId: string,
  rows: MessageRow[],
): Promise<Record<string, Snapshot>> {
  const running = rows.filter(({ status }) => status === "running").map(({ id }) => id);
  return running.length > 0 ? await conversationObject(ctx, conversationId).snapshots(conversationId, running) : {};
}
