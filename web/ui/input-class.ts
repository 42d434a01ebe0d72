/** How a field that is written in looks. */
export const inputClass =
  "w-full rounded-[0.625rem] border border-line-strong bg-surface px-3 text-[0.9375rem] text-ink shadow-card transition-colors placeholder:text-ink-faint hover:border-ink-faint focus-visible:border-accent focus-visible:outline-offset-0 aria-invalid:border-danger";
