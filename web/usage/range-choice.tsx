import { Form, Link } from "react-router";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/class-names.ts";
import { TextField } from "../ui/field.tsx";
import { presets, type Range } from "./range.ts";

const ends = [
  { label: "From", name: "from" },
  { label: "To", name: "to" },
] as const;

/** What time is shown: so many days up to today, or from one day to another. */
export function RangeChoice({ range, by }: { range: Range; by: string }) {
  return (
    <div className="flex flex-wrap items-end gap-x-6 gap-y-4">
      <nav
        aria-label="Time"
        className="inline-flex h-11 rounded-[0.625rem] border border-line bg-surface p-1 shadow-card"
      >
        {presets.map((days) => (
          <Link
            key={days}
            to={`?${new URLSearchParams({ days: String(days), by })}`}
            preventScrollReset
            aria-current={range.days === days ? "true" : undefined}
            className={cx(
              "flex items-center rounded-lg px-3 font-medium text-sm",
              range.days === days ? "bg-accent-soft text-accent" : "text-ink-soft hover:bg-hover hover:text-ink",
            )}
          >
            {days} days
          </Link>
        ))}
      </nav>
      <Form className="flex min-w-0 flex-wrap items-end gap-3 max-sm:w-full" preventScrollReset>
        <input type="hidden" name="by" value={by} />
        {ends.map(({ label, name }) => (
          <TextField
            key={`${name} ${range[name]}`}
            label={label}
            name={name}
            type="date"
            className="min-w-0 max-sm:flex-1"
            defaultValue={range[name]}
          />
        ))}
        <Button type="submit" className="h-11 max-sm:w-full">
          Show
        </Button>
      </Form>
    </div>
  );
}
