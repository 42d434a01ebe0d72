import { useId, useState } from "react";
import { cx } from "../ui/class-names.ts";
import { money } from "./money.ts";
import { daysBetween } from "./range.ts";
import { useLocale } from "./use-locale.ts";
import { dayIn, type Row, type Sums } from "./words.ts";

interface Measure {
  name: string;
  /** What stands on each other in a bar, from below. */
  parts: { name: string; of: (sums: Sums) => number }[];
  words: (value: number, locale: string) => string;
}

const counted = (value: number, locale: string) => value.toLocaleString(locale);

const measures: Measure[] = [
  {
    name: "Cost",
    parts: [
      { name: "This server’s keys", of: (sums) => sums.micro_credits },
      { name: "Own keys", of: (sums) => sums.own_keys_micro_credits },
    ],
    words: (value, locale) => money(value, locale).usd,
  },
  {
    name: "Tokens",
    parts: [
      { name: "Read", of: (sums) => sums.prompt_tokens },
      { name: "Written", of: (sums) => sums.completion_tokens },
    ],
    words: counted,
  },
  { name: "Calls", parts: [{ name: "Calls", of: (sums) => sums.calls }], words: counted },
];

const looks = [
  { bar: "fill-accent", key: "bg-accent" },
  { bar: "fill-line-strong", key: "bg-line-strong" },
];

const heightOf = ({ parts }: Measure, sums: Sums) => parts.reduce((sum, { of }) => sum + of(sums), 0);

/** One day's bar, as high as its share of the highest. */
function Bar({ row, measure, top, ...place }: { row: Row; measure: Measure; top: number; x: number; width: number }) {
  let y = 100;
  return measure.parts.map((part, level) => {
    const height = (part.of(row) / top) * 100;
    y -= height;
    return <rect key={part.name} {...place} y={y} height={height} className={looks[level]?.bar} />;
  });
}

interface DayChartProps {
  total: Sums;
  /** Days on which something was used, in their order. */
  rows: readonly Row[];
  range: { from: string; to: string };
}

/** What was used day by day, as bars. What they say stands in a table beneath, for whoever does not see them. */
export function DayChart({ total, rows, range }: DayChartProps) {
  const name = useId();
  const [chosen, setChosen] = useState(() => measures.find((each) => heightOf(each, total) > 0) ?? measures[0]);
  const locale = useLocale();
  const day = dayIn(locale);
  const measure = chosen as Measure;
  const days = daysBetween(range.from, range.to);
  const most = rows.reduce((top, row) => (heightOf(measure, row) > heightOf(measure, top) ? row : top));
  const top = heightOf(measure, most);
  const [first, last] = [days[0], days.at(-1)];
  const summary = top > 0 && most.key ? `Most on ${day(most.key)}: ${measure.words(top, locale)}` : "Nothing";
  // Bars of a long time are so narrow that gaps would take their colour.
  const gap = days.length > 100 ? 0 : 0.1;
  const shown = measure.parts.filter(({ of }) => of(total) > 0);
  return (
    <figure>
      <fieldset className="mb-3 flex flex-wrap gap-x-4 gap-y-1">
        <legend className="sr-only">What the bars show</legend>
        {measures.map((each) => (
          <label key={each.name} className="flex cursor-pointer items-center gap-1.5 py-1 text-sm">
            <input
              type="radio"
              name={name}
              className="size-4 accent-accent"
              checked={each === measure}
              onChange={() => setChosen(each)}
            />
            {each.name}
          </label>
        ))}
      </fieldset>
      <svg
        role="img"
        aria-label={`${measure.name} by day. ${summary}.`}
        viewBox={`0 0 ${days.length} 100`}
        preserveAspectRatio="none"
        className="block h-40 w-full border-line border-b"
      >
        {top > 0 &&
          days.map((key, at) => {
            const row = rows.find((each) => each.key === key);
            return (
              <g key={key} className="group">
                <title>{`${day(key)}: ${row ? measure.words(heightOf(measure, row), locale) : "nothing"}`}</title>
                <rect x={at} y={0} width={1} height={100} className="fill-transparent group-hover:fill-hover" />
                {row && <Bar row={row} measure={measure} top={top} x={at + gap} width={1 - 2 * gap} />}
              </g>
            );
          })}
      </svg>
      <figcaption className="mt-1.5 flex flex-wrap justify-between gap-x-4 gap-y-1 text-ink-soft text-xs">
        <span>{first && day(first)}</span>
        <span>{summary}</span>
        <span>{last && day(last)}</span>
      </figcaption>
      {shown.length > 1 && (
        <ul aria-label="Parts of a bar" className="mt-2 flex flex-wrap gap-x-4 text-ink-soft text-xs">
          {measure.parts.map((part, level) => (
            <li key={part.name} className="flex items-center gap-1.5">
              <span aria-hidden="true" className={cx("size-2.5 rounded-sm", looks[level]?.key)} />
              {part.name}
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}
