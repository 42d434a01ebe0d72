import { DownloadIcon } from "@primer/octicons-react";
import { ButtonLink } from "../ui/button.tsx";
import { money } from "./money.ts";
import { useLocale } from "./use-locale.ts";
import type { Group, Row, Sums } from "./words.ts";

const cell = "py-2.5 ps-3 text-end align-top tabular-nums";
const small = "block text-ink-faint text-xs";

/** How many calls, and how many of them are not known for certain. */
function Calls({ sums, locale }: { sums: Sums; locale: string }) {
  return (
    <>
      {sums.calls.toLocaleString(locale)}
      <span className="sm:hidden"> {sums.calls === 1 ? "call" : "calls"}</span>
      {sums.estimated_calls > 0 && (
        <span className={small}>{sums.estimated_calls.toLocaleString(locale)} estimated</span>
      )}
      {sums.unpriced_calls > 0 && (
        <span className="block text-warn text-xs">{sums.unpriced_calls.toLocaleString(locale)} without a price</span>
      )}
    </>
  );
}

/** What a group cost; of calls that nobody knows the price of alone, that is not nothing. */
function Cost({ sums, locale }: { sums: Sums; locale: string }) {
  const own = sums.own_keys_micro_credits;
  const isKnown = sums.micro_credits > 0 || (own === 0 && sums.unpriced_calls < sums.calls);
  const cost = money(sums.micro_credits, locale);
  return (
    <>
      {isKnown && (
        <>
          {cost.usd}
          <span className={small}>{cost.credits}</span>
        </>
      )}
      {own > 0 && <span className={isKnown ? small : "block"}>{money(own, locale).usd} by own keys</span>}
      {!isKnown && own === 0 && <span className="text-ink-faint">unknown</span>}
    </>
  );
}

interface UsageTableProps {
  caption: string;
  /** What its rows are. */
  one: string;
  rows: readonly Row[];
  nameOf: (row: Row) => { name: string; id: string | null };
}

/** What was used, group by group. */
export function UsageTable({ caption, one, rows, nameOf }: UsageTableProps) {
  const locale = useLocale();
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{caption}</caption>
      <thead className="border-line border-b text-ink-soft text-xs">
        <tr>
          <th scope="col" className="pb-2 text-start font-medium">
            {one}
          </th>
          {["Calls", "Tokens", "Cost"].map((name) => (
            <th
              key={name}
              scope="col"
              className={`pb-2 ps-3 text-end font-medium ${name === "Calls" ? "max-sm:hidden" : ""}`}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {rows.map((row) => {
          const { name, id } = nameOf(row);
          return (
            <tr key={row.key}>
              <th scope="row" className="py-2.5 text-start align-top font-normal [overflow-wrap:anywhere]">
                {name}
                {id && <code className={small}>{id}</code>}
                <span className="block text-ink-soft text-xs tabular-nums sm:hidden">
                  <Calls sums={row} locale={locale} />
                </span>
              </th>
              <td className={`${cell} max-sm:hidden`}>
                <Calls sums={row} locale={locale} />
              </td>
              <td className={`${cell} whitespace-nowrap`}>
                {row.prompt_tokens.toLocaleString(locale)} read
                <span className={small}>{row.completion_tokens.toLocaleString(locale)} written</span>
              </td>
              <td className={`${cell} whitespace-nowrap`}>
                <Cost sums={row} locale={locale} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** What a table shows, as a file. */
export function CsvLink({ by, range: { from, to } }: { by: Group; range: { from: string; to: string } }) {
  const query = new URLSearchParams({ from, to, group_by: by, format: "csv" });
  return (
    <ButtonLink to={`/api/v1/usage?${query}`} size="small" reloadDocument download>
      <DownloadIcon /> CSV
    </ButtonLink>
  );
}
