import { Progress as Radix } from "radix-ui";

/** How far something is, from 0 to 1. */
export function Progress({ value, label }: { value: number; label: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <Radix.Root value={percent} aria-label={label} className="h-1.5 w-full overflow-hidden rounded-full bg-line">
      <Radix.Indicator
        className="h-full rounded-full bg-accent transition-[width] duration-300"
        style={{ width: `${Math.max(percent, 3)}%` }}
      />
    </Radix.Root>
  );
}
