import { api, need } from "../api.server.ts";
import { useClone } from "../clones/use-clone.ts";
import { Library } from "../documents/library.tsx";
import { Page } from "../shell/page.tsx";
import type { Route } from "./+types/clone-knowledge.ts";

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const query = { clone_id: params.cloneId, limit: "100" };
  return need(request, api({ request, context }).api.v1.documents.$get({ query }));
}

export default function CloneKnowledge({ loaderData }: Route.ComponentProps) {
  const { clone } = useClone();
  return (
    <Page width="middle">
      <div className="mb-6">
        <h2 className="display text-3xl">Knowledge</h2>
        <p className="mt-1 text-ink-soft">What it answers from. Every answer shows the page it comes from.</p>
      </div>
      <Library key={clone.id} clone={clone} initial={loaderData} />
    </Page>
  );
}
