import { exactCredits } from "../usage/money.ts";
import { useLocale } from "../usage/use-locale.ts";
import { useMoney } from "./use-money.ts";

export interface ReceiptLine {
  label: string;
  microCredits: number;
}

/** The parts of what was paid: to whom each went. */
export const partsOf = (usage: number, fee: number, creator: number): ReceiptLine[] => [
  { label: "The model", microCredits: usage },
  { label: "Platform fee", microCredits: fee },
  { label: "To the clone’s creator", microCredits: creator },
];

/** What was paid, part by part, to the last digit: the lines add up to the total beneath them. */
export function ReceiptLines({ lines, total }: { lines: readonly ReceiptLine[]; total: number }) {
  const written = exactCredits([...lines.map(({ microCredits }) => microCredits), total], useLocale());
  const { usd } = useMoney()(total);
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-1.5 text-sm tabular-nums">
      {lines.map(({ label }, at) => (
        <div key={label} className="contents">
          <dt className="text-ink-soft">{label}</dt>
          <dd className="text-end">{written[at]}</dd>
        </div>
      ))}
      <div className="col-span-2 border-line border-t" />
      <dt className="font-semibold">
        Total <span className="font-normal text-ink-soft">in credits</span>
      </dt>
      <dd className="text-end font-semibold">
        {written.at(-1)}
        <span className="block font-normal text-ink-faint text-xs">{usd}</span>
      </dd>
    </dl>
  );
}
