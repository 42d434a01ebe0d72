import { useCallback, useEffect, useRef, useState } from "react";

/** A jump holds its page until the reader has scrolled this many pixels: near the end, pages cannot come to the top. */
const hold = 80;

/** The sheet that crosses a line which moves down the window as the reader moves down the document. */
function sheetInView(): HTMLElement | undefined {
  const sheets = [...document.querySelectorAll<HTMLElement>("[data-page]")];
  const way = document.documentElement.scrollHeight - window.innerHeight;
  const line = (way > 0 ? window.scrollY / way : 0) * window.innerHeight + 1;
  return sheets.findLast((sheet) => sheet.getBoundingClientRect().top < line) ?? sheets[0];
}

/** The number of the page that is being read, and a jump that makes an element the place that is being read. */
export function useCurrentPage(first: number | null) {
  const [current, setCurrent] = useState<number | null>(first);
  const held = useRef<number | null>(null);

  const jumpTo = useCallback((element: Element, block: "start" | "center") => {
    element.scrollIntoView({ block, behavior: "instant" });
    held.current = window.scrollY;
    const page = element.closest<HTMLElement>("[data-page]")?.dataset.page;
    if (page) setCurrent(Number(page));
  }, []);

  useEffect(() => {
    const look = () => {
      if (held.current !== null && Math.abs(window.scrollY - held.current) < hold) return;
      held.current = null;
      const page = sheetInView()?.dataset.page;
      if (page) setCurrent(Number(page));
    };
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, []);
  return { current, jumpTo };
}
