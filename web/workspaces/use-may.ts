import { type Action, may } from "../../workers/workspaces/roles.ts";
import { useRootData } from "../root-data.ts";

/**
 * Whether the person may do something in the workspace that is shown, or the visitor in a chat: by the same table that the API
 * refuses by.
 */
export function useMay(action: Action): boolean {
  const root = useRootData();
  const role = root?.workspaces.find(({ id }) => id === root.workspaceId)?.role;
  return may(role ?? "visitor", action);
}
