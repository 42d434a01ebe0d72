import type { WireWallet } from "../../workers/wallet/contract.ts";
import { Progress } from "../ui/progress.tsx";
import { useMoney } from "./use-money.ts";

interface SpentProps {
  label: string;
  spent: number;
  limit: number | null;
  left: number | null;
}

function Spent({ label, spent, limit, left }: SpentProps) {
  const amount = useMoney();
  return (
    <div>
      <p className="mb-1.5 flex flex-wrap justify-between gap-x-4 text-sm">
        <span className="font-medium">{label}</span>
        <span className="text-ink-soft tabular-nums">
          {amount(spent).credits}
          {limit === null ? ` (${amount(spent).usd})` : ` of ${amount(limit).credits}`}
        </span>
      </p>
      {limit !== null && (
        <>
          <Progress label={`${label}, of the limit`} value={limit === 0 ? 1 : spent / limit} />
          <p className="mt-1 text-ink-faint text-xs">{amount(left ?? 0).credits} left</p>
        </>
      )}
    </div>
  );
}

/** What was spent of what may be, in UTC's day and month. */
export function Spending({ wallet: { day, month, limits } }: { wallet: WireWallet }) {
  return (
    <div className="flex flex-col gap-4">
      <Spent label="Today" {...day} limit={limits.per_day} />
      <Spent label="This month" {...month} limit={limits.per_month} />
    </div>
  );
}
