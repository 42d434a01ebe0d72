import { PeopleIcon } from "@primer/octicons-react";
import { Link } from "react-router";
import { api, need } from "../api.server.ts";
import { Page } from "../shell/page.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ShowOlder } from "../ui/show-older.tsx";
import { When } from "../ui/when.tsx";
import { useOlder } from "../use-older.ts";
import type { Route } from "./+types/shared.ts";

export const meta = () => [{ title: "Shared · Understudy" }];

export function loader({ request, context }: Route.LoaderArgs) {
  return need(request, api({ request, context }).api.v1.shared.$get({ query: { limit: "50" } }));
}

export default function Shared({ loaderData }: Route.ComponentProps) {
  const older = useOlder(loaderData, (cursor) => `/shared?limit=50&cursor=${encodeURIComponent(cursor)}`);
  return (
    <Page width="middle">
      <h1 className="display text-4xl">Shared</h1>
      <p className="mt-1 mb-8 text-ink-soft">Conversations that people of this workspace let the others read.</p>
      {older.items.length === 0 ? (
        <EmptyState icon={<PeopleIcon size={20} />} title="Nothing is shared yet">
          Choose “Share” in the menu of one of your conversations.
        </EmptyState>
      ) : (
        <ul
          aria-label="Shared conversations"
          className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface shadow-card"
        >
          {older.items.map(({ id, title, clone, shared_by, shared_at }) => (
            <li key={id}>
              <Link
                to={`/shared/${id}`}
                prefetch="intent"
                className="focus-inset block px-4 py-3.5 transition-colors hover:bg-hover sm:px-5"
              >
                <span className="block truncate font-medium">{title}</span>
                <span className="block truncate text-ink-faint text-sm">
                  {clone ? `With ${clone} · ` : ""}
                  {shared_by} · <When iso={shared_at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      <ShowOlder older={older} label="Show older" />
    </Page>
  );
}
