import type { ReactNode } from "react";
import { cx } from "../ui/class-names.ts";

const widths = { narrow: "max-w-2xl", middle: "max-w-4xl", wide: "max-w-6xl" };

interface PageProps {
  width?: keyof typeof widths;
  className?: string;
  children: ReactNode;
}

/** The column that a page's content stands in. It is what “Skip to content” leads to. */
export function Page({ width = "wide", className, children }: PageProps) {
  return (
    <main
      id="content"
      tabIndex={-1}
      className={cx("mx-auto w-full px-4 py-8 outline-none sm:px-6 sm:py-10", widths[width], className)}
    >
      {children}
    </main>
  );
}
