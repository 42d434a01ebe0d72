import { useRouteLoaderData } from "react-router";
import type { loader } from "../routes/clone.tsx";

/** The clone whose pages these are, and the model that answers where it has none of its own. */
export function useClone() {
  const found = useRouteLoaderData<typeof loader>("routes/clone");
  if (!found) throw new Error("This page stands outside a clone.");
  return found;
}
