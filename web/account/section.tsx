import { type ReactNode, useId } from "react";

interface SectionProps {
  title: string;
  lead: ReactNode;
  /** Stands beside the title, such as whether it is on. */
  badge?: ReactNode;
  children: ReactNode;
}

/** One matter of the account, with what can be done about it. */
export function Section({ title, lead, badge, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-card border border-line bg-surface p-5 shadow-card sm:p-7">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id={id} className="font-semibold text-lg">
          {title}
        </h2>
        {badge}
      </div>
      <div className="mt-1 text-ink-soft text-sm">{lead}</div>
      <div className="mt-5 flex flex-col gap-5">{children}</div>
    </section>
  );
}
