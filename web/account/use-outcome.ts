import { useActionData, useFetcher } from "react-router";
import type { Outcome } from "./security-actions.ts";

/** A form of the security page: what its own intents came to, told apart from the other forms of the page. */
export function useOutcome(...intents: string[]) {
  const fetcher = useFetcher<Outcome>();
  // Without script a form is posted by the page itself.
  const posted = useActionData<Outcome>();
  const outcome = fetcher.data ?? posted;
  return {
    Form: fetcher.Form,
    submit: fetcher.submit,
    busy: fetcher.state !== "idle",
    outcome: outcome && intents.includes(outcome.intent) ? outcome : undefined,
  };
}
