import type { ReactNode } from "react";
import { cx } from "../ui/class-names.ts";

/** The column that a page's content stands in. It is what “Skip to content” leads to. */
export function Page({ narrow, className, children }: { narrow?: boolean; className?: string; children: ReactNode }) {
  return (
    <main
      id="content"
      tabIndex={-1}
      className={cx(
        "mx-auto w-full px-4 py-8 outline-none sm:px-6 sm:py-10",
        narrow ? "max-w-2xl" : "max-w-6xl",
        className,
      )}
    >
      {children}
    </main>
  );
}
