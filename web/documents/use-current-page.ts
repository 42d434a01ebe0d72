import { useEffect, useState } from "react";

/** The number of the page that is being read: the last one whose top has passed beneath the bar. */
export function useCurrentPage(pages: readonly number[]): number | null {
  const [current, setCurrent] = useState<number | null>(pages[0] ?? null);
  useEffect(() => {
    const sheets = [...document.querySelectorAll<HTMLElement>("[data-page]")];
    if (sheets.length === 0) return;
    const look = () => {
      const line = window.innerHeight * 0.35;
      const passed = sheets.findLast((sheet) => sheet.getBoundingClientRect().top < line) ?? sheets[0];
      setCurrent(Number(passed?.dataset.page));
    };
    look();
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, []);
  return current;
}
