import type { ReactNode } from "react";

/** One number, large, with what it counts and what else is said of it. Stands in a list of descriptions. */
export function Figure({ label, value, children }: { label: string; value: string; children: ReactNode }) {
  return (
    <div className="min-w-0 flex-1 basis-36 rounded-card border border-line bg-surface px-5 py-4 shadow-card">
      <dt className="text-ink-soft text-sm">{label}</dt>
      <dd className="mt-1">
        <span className="display block text-3xl tabular-nums [overflow-wrap:anywhere] max-sm:text-2xl">{value}</span>
        <span className="mt-1 block text-ink-faint text-xs tabular-nums">{children}</span>
      </dd>
    </div>
  );
}
