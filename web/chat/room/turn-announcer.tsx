import { useState } from "react";
import type { TurnState } from "../../../client/turn-reducer.ts";
import type { Place } from "../../../client/waiting.ts";
import { placeInLine } from "../answer/place-in-line.ts";

function sentence({ live, messages, head, failure }: TurnState, place: Place | null): string {
  if (live?.phase === "reconnecting") return "Reconnecting.";
  if (live?.phase === "stopping") return "Stopping.";
  if (place) return placeInLine(place);
  const last = messages.find(({ id }) => id === head);
  if (live && last?.reasoning && last.content === "") return "The model is thinking.";
  if (live) return "The answer is being written.";
  if (failure) return "";
  if (last?.role !== "assistant") return "";
  if (last.status === "stopped") return "The answer was stopped.";
  if (last.status !== "complete") return "The answer was cut off.";
  // An answer that is whole refers to each of its citations.
  const sources = last.citations.length;
  return `The answer is complete, with ${sources} ${sources === 1 ? "source" : "sources"}.`;
}

/** The place in line that is said: the first that was told, and then that one is next; not each between them. */
function useSaidPlace(place: Place | null): Place | null {
  const [said, setSaid] = useState(place);
  const isBetween = said && place && said.position > 1 && place.position > 1;
  const next = isBetween ? said : place;
  if (next !== said) setSaid(next);
  return next;
}

/** Tells people who listen how the answer stands: each change once, never the words as they come. */
export function TurnAnnouncer({ state }: { state: TurnState }) {
  const place = useSaidPlace(state.live?.place ?? null);
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {sentence(state, place)}
    </p>
  );
}
