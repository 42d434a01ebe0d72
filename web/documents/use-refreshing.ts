import { useEffect } from "react";

const interval = 1_500;

/** Asks again now and then as long as documents are being read anew, and the page is looked at. */
export function useRefreshing(isRefreshing: boolean, ask: () => Promise<void>): void {
  useEffect(() => {
    if (!isRefreshing) return;
    const timer = setInterval(() => !document.hidden && void ask(), interval);
    return () => clearInterval(timer);
  }, [isRefreshing, ask]);
}
