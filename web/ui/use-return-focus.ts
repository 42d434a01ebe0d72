import { createContext, type RefObject, useContext, useRef } from "react";

/** What had the focus when code was asked for that has not come yet: who goes on with the keyboard may be elsewhere by then. */
export const AskedFrom = createContext<RefObject<HTMLElement | null> | null>(null);

/** What has the focus, or the button of the menu it is in: a menu is gone by the time a dialog closes. */
export function opener(): HTMLElement | null {
  const focused = document.activeElement;
  const button = focused?.closest('[role="menu"]')?.getAttribute("aria-labelledby");
  const found = button ? document.getElementById(button) : focused;
  return found instanceof HTMLElement ? found : null;
}

/**
 * For a dialog's `onCloseAutoFocus`: gives the focus back to what opened it, and to the page's content where that has gone, such as
 * the row of something that was deleted. It comes a moment after the dialog went: who is somewhere else by then is left there.
 */
export function useReturnFocus(open: boolean): (event: Event) => void {
  const from = useRef<HTMLElement | null>(null);
  const wasOpen = useRef(false);
  const asked = useContext(AskedFrom);
  // While it renders, for a field with autofocus has taken the focus by the time effects run.
  if (open && !wasOpen.current) from.current = asked?.current ?? opener();
  wasOpen.current = open;
  return (event) => {
    event.preventDefault();
    const hasMovedOn = document.activeElement !== null && document.activeElement !== document.body;
    if (hasMovedOn) return;
    const back = from.current?.isConnected ? from.current : document.getElementById("content");
    back?.focus();
  };
}
