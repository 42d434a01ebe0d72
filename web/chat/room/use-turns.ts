import { useEffect, useState, useSyncExternalStore } from "react";
import { createTurnSession, type TurnSession } from "../../../client/turn-session.ts";

/** A chat session for as long as the component is mounted, and its state. */
export function useTurns(options: Parameters<typeof createTurnSession>[0]) {
  const [session] = useState<TurnSession>(() => createTurnSession(options));
  const state = useSyncExternalStore(session.subscribe, session.state, session.state);
  useEffect(() => {
    session.resume();
    return () => session.leave();
  }, [session]);
  return { session, state };
}
