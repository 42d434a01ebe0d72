import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const near = 64;

/**
 * Keeps a scroller at its end while it grows, until the reader scrolls up: from then on it is theirs, and `away` is true
 * until they come back. Nothing is moved while it is `idle`. `grown` changes whenever the content may have grown.
 */
export function useStickToEnd(scroller: RefObject<HTMLElement | null>, grown: unknown, idle: boolean) {
  const sticking = useRef(true);
  const [away, setAway] = useState(false);

  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    sticking.current = true;
    setAway(false);
    element.scrollTop = element.scrollHeight;
  }, [scroller]);

  /** Leaves the end for a part of the content. */
  const goTo = useCallback((part: Element) => {
    sticking.current = false;
    part.scrollIntoView({ block: "center" });
  }, []);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let before = element.scrollTop;
    const onScroll = () => {
      const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < near;
      // Only a movement upwards is the reader's; growth moves the end away without moving the page.
      if (element.scrollTop < before - 1 && !atEnd) sticking.current = false;
      if (atEnd) sticking.current = true;
      before = element.scrollTop;
      setAway(!atEnd && !sticking.current);
    };
    const content = element.firstElementChild;
    const observer = new ResizeObserver(() => {
      if (sticking.current && !idle) element.scrollTop = element.scrollHeight;
    });
    if (content) observer.observe(content);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, [scroller, idle]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `grown` is the reason to look again
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && sticking.current && !idle) element.scrollTop = element.scrollHeight;
  }, [grown, idle, scroller]);

  return { away, toEnd, goTo };
}
