import { PlusIcon, SparkleFillIcon } from "@primer/octicons-react";
import { useSearchParams } from "react-router";
import { api, need } from "../api.server.ts";
import { CloneCard } from "../clones/clone-card.tsx";
import { Page } from "../shell/page.tsx";
import { ButtonLink } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { useMay } from "../workspaces/use-may.ts";
import type { Route } from "./+types/clones.ts";

export const meta = () => [{ title: "Clones · Understudy" }];

export async function loader({ request, context }: Route.LoaderArgs) {
  const cursor = new URL(request.url).searchParams.get("cursor") ?? undefined;
  const query = { limit: "48", ...(cursor ? { cursor } : {}) };
  return need(request, api({ request, context }).api.v1.clones.$get({ query }));
}

export default function Clones({ loaderData }: Route.ComponentProps) {
  const { data: clones, next_cursor: next } = loaderData;
  const [search] = useSearchParams();
  const mayMake = useMay("clone.write");
  return (
    <Page>
      <div className="mb-8 flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="display text-4xl">Clones</h1>
          <p className="mt-1 text-ink-soft">Stand-ins made from documents. Each answers from its own library.</p>
        </div>
        {clones.length > 0 && mayMake && (
          <ButtonLink to="/clones/new" look="primary">
            <PlusIcon /> New clone
          </ButtonLink>
        )}
      </div>
      {clones.length === 0 && !mayMake ? (
        <EmptyState icon={<SparkleFillIcon size={20} />} title="No clones yet">
          As soon as somebody makes one here, you find it in this place.
        </EmptyState>
      ) : clones.length === 0 ? (
        <EmptyState
          icon={<SparkleFillIcon size={20} />}
          title="Make your first clone"
          action={
            <ButtonLink to="/clones/new" look="primary" size="large">
              <PlusIcon /> New clone
            </ButtonLink>
          }
        >
          Give it a name and a few documents. In a minute it answers questions about them, and shows the page each
          answer comes from.
        </EmptyState>
      ) : (
        <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {clones.map((clone) => (
            <li key={clone.id}>
              <CloneCard clone={clone} />
            </li>
          ))}
        </ul>
      )}
      {(next || search.has("cursor")) && (
        <nav aria-label="Pages" className="mt-8 flex justify-center gap-3">
          {search.has("cursor") && <ButtonLink to="/clones">Newest</ButtonLink>}
          {next && <ButtonLink to={`/clones?cursor=${encodeURIComponent(next)}`}>Older</ButtonLink>}
        </nav>
      )}
    </Page>
  );
}
