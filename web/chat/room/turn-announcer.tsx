import type { TurnState } from "../../../client/turn-reducer.ts";
import { citedIn } from "../answer/cited-in.ts";

function sentence({ live, messages, head, failure }: TurnState): string {
  if (live?.phase === "reconnecting") return "Reconnecting.";
  if (live?.phase === "stopping") return "Stopping.";
  if (live) return "The answer is being written.";
  if (failure) return "";
  const last = messages.find(({ id }) => id === head);
  if (last?.role !== "assistant") return "";
  if (last.status === "stopped") return "The answer was stopped.";
  if (last.status !== "complete") return "The answer was cut off.";
  const sources = citedIn(last.content, last.citations).length;
  return `The answer is complete, with ${sources} ${sources === 1 ? "source" : "sources"}.`;
}

/** Tells people who listen how the answer stands: each change once, never the words as they come. */
export function TurnAnnouncer({ state }: { state: TurnState }) {
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {sentence(state)}
    </p>
  );
}
