import { ChevronRightIcon } from "@primer/octicons-react";
import { Link } from "react-router";
import type { WireEntry } from "../../workers/wallet/contract.ts";
import { Badge } from "../ui/badge.tsx";
import { cx } from "../ui/class-names.ts";
import { When } from "../ui/when.tsx";
import { useLocale } from "../usage/use-locale.ts";
import { type CloneNames, standingOf, storyOf, untilNames } from "./entry-words.ts";
import { partsOf, ReceiptLines } from "./receipt-lines.tsx";
import { useMoney } from "./use-money.ts";

const linesOf = ({ usage, platform_fee, shares }: NonNullable<WireEntry["receipt"]>) =>
  partsOf(
    usage,
    platform_fee,
    shares.reduce((sum, { micro_credits }) => sum + micro_credits, 0),
  );

/** By how much it changed what can be spent; of what did not, what it is about. */
function Changed({ entry }: { entry: WireEntry }) {
  const amount = useMoney();
  const { credits, usd } = amount(entry.delta === 0 ? entry.micro_credits : entry.delta);
  return (
    <span className="shrink-0 text-end tabular-nums">
      <span
        className={cx(
          "block font-medium",
          entry.delta > 0 && "text-accent",
          entry.delta === 0 && "font-normal text-ink-soft",
        )}
      >
        {entry.delta > 0 && "+"}
        {credits}
      </span>
      <span className="block text-ink-faint text-xs">{usd}</span>
    </span>
  );
}

function Facts({ entry }: { entry: WireEntry }) {
  const locale = useLocale();
  const time = (iso: string) => new Date(iso).toLocaleString(locale);
  const until = untilNames[entry.kind];
  const { conversation_id: conversation, message_id: message } = entry.details;
  const facts = [
    ["When", time(entry.created_at)],
    ...(until && entry.expires_at && (entry.state === "held" || entry.kind !== "hold")
      ? [[until, time(entry.expires_at)]]
      : []),
    ["Number", entry.id],
  ] as const;
  return (
    <div className="flex flex-col gap-4 px-4 pb-5 sm:ps-10">
      {entry.receipt && <ReceiptLines lines={linesOf(entry.receipt)} total={entry.receipt.total} />}
      {entry.receipt && entry.receipt.absorbed > 0 && (
        <p className="text-ink-soft text-sm">It took more than was set aside. Nobody pays what is above that.</p>
      )}
      <dl className="grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[10rem_1fr]">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-ink-soft">{label}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {conversation && message && (
        <Link to={`/chat/${conversation}`} className="self-start text-accent text-sm hover:underline">
          To the conversation
        </Link>
      )}
    </div>
  );
}

/** One entry, in a sentence; its receipt opens below. */
export function EntryRow({ entry, names }: { entry: WireEntry; names: CloneNames }) {
  const { title, aside } = storyOf(entry, names, useLocale());
  const { name, tone } = standingOf(entry);
  return (
    <li className="border-line border-b last:border-b-0">
      <details className="group">
        <summary className="flex cursor-pointer list-none items-start gap-3 px-4 py-3 hover:bg-hover [&::-webkit-details-marker]:hidden">
          <ChevronRightIcon className="mt-1 shrink-0 text-ink-faint transition-transform group-open:rotate-90" />
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            <span className="font-medium">{title}</span>
            {aside && <span className="text-ink-soft"> · {aside}</span>}
            <span className="mt-0.5 flex flex-wrap items-center gap-2 text-ink-faint text-sm">
              <When iso={entry.created_at} />
              {name !== "Done" && <Badge tone={tone}>{name}</Badge>}
            </span>
          </span>
          <Changed entry={entry} />
        </summary>
        <Facts entry={entry} />
      </details>
    </li>
  );
}
