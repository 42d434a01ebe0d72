import { connect } from "../db/client.ts";
import type { Runtime } from "../platform/runtime.ts";
import { listConversationsOfDeleted, removeEmptyWorkspaces, removeForGood } from "./workspace-queries.ts";

/** How many conversations one run of the cron takes. */
const batch = 200;

/** Removes for good what deleted workspaces held, then themselves. Repeated by the cron until nothing is left. */
export async function purgeDeletedWorkspaces(runtime: Runtime): Promise<void> {
  const db = connect(runtime.env.DB);
  const { CONVERSATION } = runtime.env;
  const ids = await listConversationsOfDeleted(db, batch);
  for (const id of ids) await CONVERSATION.get(CONVERSATION.idFromName(id)).erase();
  await removeForGood(db, ids);
  const gone = await removeEmptyWorkspaces(db);
  for (const id of gone) runtime.log.info("workspace_purged", { workspace_id: id });
}
