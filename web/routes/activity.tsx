import { DownloadIcon, LogIcon } from "@primer/octicons-react";
import { Form, useSearchParams } from "react-router";
import { CheckLog } from "../activity/check-log.tsx";
import { EventRow } from "../activity/event-row.tsx";
import { kinds } from "../activity/words.ts";
import { api, need } from "../api.server.ts";
import { Page } from "../shell/page.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import type { Route } from "./+types/activity.ts";

export const meta = () => [{ title: "Activity · Understudy" }];

const day = 24 * 60 * 60 * 1_000;

/** The address's parameters as the API's: days are those of UTC, the last one included. */
function filterOf(search: URLSearchParams): Record<string, string> {
  const filter: Record<string, string> = {};
  const from = Date.parse(search.get("from") ?? "");
  const until = Date.parse(search.get("until") ?? "");
  if (search.get("action")) filter.action = search.get("action") ?? "";
  if (!Number.isNaN(from)) filter.from = new Date(from).toISOString();
  if (!Number.isNaN(until)) filter.until = new Date(until + day).toISOString();
  return filter;
}

export async function loader({ request, context }: Route.LoaderArgs) {
  const { searchParams } = new URL(request.url);
  const filter = filterOf(searchParams);
  const cursor = searchParams.get("cursor");
  const query = { ...filter, limit: "50", ...(cursor ? { cursor } : {}) };
  return { filter, page: await need(request, api({ request, context }).api.v1.audit.$get({ query })) };
}

const days = [
  { label: "From", name: "from" },
  { label: "To", name: "until" },
];

export default function Activity({ loaderData: { filter, page } }: Route.ComponentProps) {
  const [search] = useSearchParams();
  const fileAt = (format: string) => `/api/v1/audit/export?${new URLSearchParams({ ...filter, format })}`;
  const older = new URLSearchParams(search);
  if (page.next_cursor) older.set("cursor", page.next_cursor);
  return (
    <Page width="middle">
      <h1 className="display text-4xl">Activity</h1>
      <p className="mt-1 mb-6 text-ink-soft">
        What was done in this workspace, by whom and from where. Nobody can change it, and a check shows what was
        removed.
      </p>
      <div className="mb-6 flex flex-wrap gap-3">
        <CheckLog />
        <ButtonLink to={fileAt("csv")} reloadDocument download>
          <DownloadIcon /> CSV
        </ButtonLink>
        <ButtonLink to={fileAt("json")} reloadDocument download>
          <DownloadIcon /> JSON
        </ButtonLink>
      </div>
      <Form className="mb-6 flex flex-wrap items-end gap-3">
        <SelectField
          key={search.get("action")}
          label="About"
          name="action"
          options={kinds}
          defaultValue={search.get("action") ?? ""}
          className="min-w-44 flex-1 max-sm:basis-full"
        />
        {days.map(({ label, name }) => (
          <TextField
            key={name}
            label={label}
            name={name}
            type="date"
            className="max-sm:flex-1"
            defaultValue={search.get(name) ?? ""}
          />
        ))}
        <Button type="submit" className="h-11 max-sm:w-full">
          Show
        </Button>
      </Form>
      {page.data.length === 0 ? (
        <EmptyState icon={<LogIcon size={20} />} title="Nothing found">
          Nothing of this kind was done in that time.
        </EmptyState>
      ) : (
        <ul aria-label="Events" className="rounded-card border border-line bg-surface shadow-card">
          {page.data.map((event) => (
            <EventRow key={event.id} event={event} />
          ))}
        </ul>
      )}
      {(page.next_cursor || search.has("cursor")) && (
        <nav aria-label="Pages" className="mt-8 flex justify-center gap-3">
          {search.has("cursor") && <ButtonLink to="/activity">Newest</ButtonLink>}
          {page.next_cursor && <ButtonLink to={`/activity?${older}`}>Older</ButtonLink>}
        </nav>
      )}
    </Page>
  );
}
