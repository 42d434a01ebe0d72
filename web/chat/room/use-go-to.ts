import { useEffect } from "react";
import type { TurnSession } from "../../../client/turn-session.ts";

/** Shows the branch with the message `id` and goes to it; does nothing for a message that is not there. */
export function useGoTo(id: string | null, session: TurnSession, goTo: (part: Element) => void): void {
  useEffect(() => {
    if (!id || !session.state().messages.some((message) => message.id === id)) return;
    session.choose(id);
    // Behind the paint that shows its branch.
    const frame = requestAnimationFrame(() => {
      const element = document.getElementById(id);
      if (!element) return;
      goTo(element);
      element.animate([{ backgroundColor: "var(--color-accent-soft)" }, {}], { duration: 2_500, easing: "ease-in" });
    });
    return () => cancelAnimationFrame(frame);
  }, [id, session, goTo]);
}
