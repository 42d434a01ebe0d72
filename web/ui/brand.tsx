import { Link } from "react-router";

/** The mark: one who stands in, half a step behind another. */
export function Mark({ className = "size-7" }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <circle cx="12.5" cy="16" r="6.5" className="fill-on-accent" />
      <path
        d="M18.4 9.9a6.5 6.5 0 1 1 0 12.2"
        fill="none"
        className="stroke-on-accent"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
    </svg>
  );
}

export function BrandLink() {
  return (
    <Link to="/" className="inline-flex items-center gap-2.5 rounded-lg" aria-label="Understudy, home">
      <Mark />
      <span className="font-semibold text-[1.0625rem] tracking-tight">Understudy</span>
    </Link>
  );
}
