import { DownloadIcon } from "@primer/octicons-react";
import { ButtonLink } from "../ui/button.tsx";
import { money } from "./money.ts";
import { useLocale } from "./use-locale.ts";
import type { Group, Row, Sums } from "./words.ts";

const cell = "whitespace-nowrap align-top tabular-nums sm:py-2.5 sm:ps-5 sm:text-end";
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
        <span className="block text-warn text-xs">{sums.unpriced_calls.toLocaleString(locale)} unpriced</span>
      )}
    </>
  );
}

/** What a group cost; of calls alone that nobody knows the price of, that is not nothing. */
function Cost({ sums, locale }: { sums: Sums; locale: string }) {
  const [paid, own] = [sums.micro_credits, sums.own_keys_micro_credits];
  const cost = money(paid, locale);
  const byOwn = money(own, locale).usd;
  if (paid === 0 && own > 0)
    return (
      <>
        {byOwn}
        <span className={small}>by own keys</span>
      </>
    );
  if (paid === 0 && sums.unpriced_calls === sums.calls) return <span className="text-ink-soft">unknown</span>;
  return (
    <>
      {cost.usd}
      <span className={small}>{cost.credits}</span>
      {own > 0 && <span className={small}>and {byOwn} by own keys</span>}
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

/** What was used, group by group. On a phone, what a group is called stands above its numbers. */
export function UsageTable({ caption, one, rows, nameOf }: UsageTableProps) {
  const locale = useLocale();
  return (
    <table className="w-full text-sm max-sm:block">
      <caption className="sr-only">{caption}</caption>
      <thead className="border-line border-b text-ink-soft text-xs max-sm:sr-only">
        <tr>
          <th scope="col" className="w-full pb-2 text-start font-medium">
            {one}
          </th>
          {["Calls", "Tokens", "Cost"].map((name) => (
            <th key={name} scope="col" className="pb-2 ps-5 text-end font-medium">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line max-sm:block">
        {rows.map((row) => {
          const { name, id } = nameOf(row);
          return (
            <tr key={row.key} className="max-sm:grid max-sm:grid-cols-3 max-sm:gap-x-3 max-sm:gap-y-1 max-sm:py-2.5">
              <th
                scope="row"
                className="text-start align-top font-normal [overflow-wrap:anywhere] max-sm:col-span-3 sm:py-2.5"
              >
                {name}
                {id && <code className={small}>{id}</code>}
              </th>
              <td className={`${cell} text-ink-soft sm:text-ink`}>
                <Calls sums={row} locale={locale} />
              </td>
              <td className={cell}>
                {row.prompt_tokens.toLocaleString(locale)} read
                <span className={small}>{row.completion_tokens.toLocaleString(locale)} written</span>
              </td>
              <td className={`${cell} max-sm:whitespace-normal max-sm:text-end`}>
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
