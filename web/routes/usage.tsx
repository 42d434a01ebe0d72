import { MeterIcon, SyncIcon } from "@primer/octicons-react";
import type { ClientResponse } from "hono/client";
import { data, Link, redirect, useNavigation, useRevalidator } from "react-router";
import type { ApiProblem } from "../../client/api-problem.ts";
import type { UsageSums } from "../../workers/metering/contract.ts";
import { api, attempt, signInPath } from "../api.server.ts";
import { Page } from "../shell/page.tsx";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/class-names.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Notice } from "../ui/notice.tsx";
import { DayChart } from "../usage/day-chart.tsx";
import { rangeIn } from "../usage/range.ts";
import { RangeChoice } from "../usage/range-choice.tsx";
import { Totals } from "../usage/totals.tsx";
import { CsvLink, UsageTable } from "../usage/usage-table.tsx";
import { useLocale } from "../usage/use-locale.ts";
import { dayIn, type Group, groups, nameOf } from "../usage/words.ts";
import { Section } from "../workspaces/section.tsx";
import { useMay } from "../workspaces/use-may.ts";
import type { Route } from "./+types/usage.ts";

export const meta = () => [{ title: "Usage · Understudy" }];

export async function loader({ request, context }: Route.LoaderArgs) {
  const { searchParams } = new URL(request.url);
  const range = rangeIn(searchParams, Date.now());
  const group = groups.find(({ by }) => by === searchParams.get("by")) ?? groups[0];
  const { usage } = api({ request, context }).api.v1;
  const { from, to } = range;
  /** As JSON, for no file is asked for. */
  const sumsBy = (group_by: Group) =>
    attempt(usage.$get({ query: { from, to, group_by } }) as Promise<ClientResponse<UsageSums, 200, "json">>);
  const [days, parts] = await Promise.all([sumsBy("day"), sumsBy(group.by)]);
  if (days.ok && parts.ok) return { range, group, days: days.value, parts: parts.value.data, refused: null };
  const refused = [days, parts].flatMap((each) => (each.ok ? [] : [each.problem]))[0] as ApiProblem;
  if (refused.status === 401) throw redirect(signInPath(request));
  return data({ range, group, days: null, parts: [], refused }, { status: refused.status });
}

/** What models were used for in a time, and what that cost. */
export default function Usage({ loaderData: { range, group, days, parts, refused } }: Route.ComponentProps) {
  const { revalidate, state } = useRevalidator();
  const isComing = useNavigation().location?.pathname === "/usage";
  const seesAll = useMay("member.change");
  return (
    <Page width="middle">
      <h1 className="display text-4xl">Usage</h1>
      <p className="mt-1 mb-6 text-ink-soft">
        {seesAll
          ? "What models were used for in this workspace, and what that cost. Days are those of UTC."
          : "What you used models for in this workspace, and what that cost. Days are those of UTC."}
      </p>
      <RangeChoice range={range} by={group.by} />
      <div aria-busy={isComing} className={cx("mt-6 flex flex-col gap-5", isComing && "opacity-60")}>
        {refused && (
          <Notice
            tone="danger"
            action={
              refused.status !== 422 && (
                <Button size="small" busy={state !== "idle"} onClick={() => void revalidate()}>
                  <SyncIcon /> Try again
                </Button>
              )
            }
          >
            {refused.detail}
          </Notice>
        )}
        {days?.total.calls === 0 && (
          <EmptyState icon={<MeterIcon size={20} />} title="Nothing used in this time">
            Ask a clone something, or choose other days: each call of a model is counted here.
          </EmptyState>
        )}
        {days && days.total.calls > 0 && <Used {...{ range, group, days, parts, seesAll }} />}
      </div>
    </Page>
  );
}

type Loaded = Route.ComponentProps["loaderData"];
interface UsedProps extends Pick<Loaded, "range" | "group" | "parts"> {
  days: NonNullable<Loaded["days"]>;
  seesAll: boolean;
}

function Used({ range, group, days, parts, seesAll }: UsedProps) {
  const day = dayIn(useLocale(), true);
  const search = (by: string) =>
    new URLSearchParams(
      range.days === null ? { from: range.from, to: range.to, by } : { days: String(range.days), by },
    );
  return (
    <>
      <Totals total={days.total} />
      <Section title="By day">
        <DayChart total={days.total} rows={days.data} range={days} />
        <details className="mt-4">
          <summary className="cursor-pointer select-none text-ink-soft text-sm hover:text-ink">As a table</summary>
          <div className="mt-3 mb-3">
            <CsvLink by="day" range={range} />
          </div>
          <section
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            tabIndex={0}
            aria-label="Usage by day"
            className="focus-inset max-h-112 overflow-y-auto pe-2"
          >
            <UsageTable
              caption="Usage by day"
              one="Day"
              rows={days.data}
              nameOf={({ key }) => ({ name: day(key ?? ""), id: null })}
            />
          </section>
        </details>
      </Section>
      <Section title={`By ${group.one.replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase())}`}>
        <div className="mb-5 flex flex-wrap items-center justify-between gap-3">
          <nav aria-label="Told apart by" className="flex flex-wrap gap-1">
            {groups
              .filter(({ by }) => seesAll || by !== "user")
              .map(({ by, label }) => (
                <Link
                  key={by}
                  to={`?${search(by)}`}
                  preventScrollReset
                  aria-current={by === group.by ? "true" : undefined}
                  className={cx(
                    "rounded-lg px-2.5 py-1.5 font-medium text-sm",
                    by === group.by ? "bg-accent-soft text-accent" : "text-ink-soft hover:bg-hover hover:text-ink",
                  )}
                >
                  {label}
                </Link>
              ))}
          </nav>
          <CsvLink by={group.by} range={range} />
        </div>
        <UsageTable
          caption={`Usage by ${group.one}`}
          one={group.one}
          rows={parts}
          nameOf={(row) => nameOf(group.by, row, parts)}
        />
      </Section>
    </>
  );
}
