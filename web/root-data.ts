import { useRouteLoaderData } from "react-router";
import type { loader } from "./root.tsx";

/** Who is asking, their workspaces, the one that is shown, and their theme. Undefined only where the root itself failed to load. */
export function useRootData() {
  return useRouteLoaderData<typeof loader>("root");
}
