import { type ReactNode, useId } from "react";

interface SectionProps {
  title: string;
  lead?: string;
  children: ReactNode;
}

/** A part of the workspace's page. */
export function Section({ title, lead, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-card border border-line bg-surface p-5 shadow-card sm:p-7">
      <h2 id={id} className="font-semibold text-lg">
        {title}
      </h2>
      {lead && <p className="mt-1 text-ink-soft text-sm">{lead}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}
