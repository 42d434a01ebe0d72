import type { ReactNode } from "react";
import { SiteHeader } from "./site-header.tsx";

/** The frame of the forms that lead into an account. */
export function SignCard({
  title,
  lead,
  children,
  footer,
}: {
  title: string;
  lead: string;
  children: ReactNode;
  footer?: ReactNode;
}) {
  return (
    <>
      <SiteHeader />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto flex w-full max-w-md flex-col px-4 py-10 outline-none sm:py-16"
      >
        <h1 className="display text-4xl">{title}</h1>
        <p className="mt-2 text-ink-soft">{lead}</p>
        <div className="mt-8 rounded-card border border-line bg-surface p-5 shadow-lift sm:p-7">{children}</div>
        {footer && <p className="mt-6 text-center text-ink-soft text-sm">{footer}</p>}
      </main>
    </>
  );
}
