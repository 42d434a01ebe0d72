import { CpuIcon } from "@primer/octicons-react";
import { api, need } from "../api.server.ts";
import { ConnectionForm } from "../models/connection-form.tsx";
import { ConnectionRow } from "../models/connection-row.tsx";
import { Page } from "../shell/page.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Section } from "../workspaces/section.tsx";
import type { Route } from "./+types/models.ts";

export const meta = () => [{ title: "Models · Understudy" }];

export async function loader({ request, context }: Route.LoaderArgs) {
  return { connections: (await need(request, api({ request, context }).api.v1["provider-keys"].$get())).data };
}

/** What the workspace brings of its own for models: keys, endpoints and servers. */
export default function Models({ loaderData: { connections } }: Route.ComponentProps) {
  return (
    <Page width="narrow" className="flex flex-col gap-5">
      <div>
        <h1 className="display text-4xl">Models</h1>
        <p className="mt-2 text-ink-soft">Keys and endpoints of this workspace’s own. Its clones answer by them.</p>
      </div>
      {connections.length === 0 ? (
        <EmptyState icon={<CpuIcon size={20} />} title="Nothing of your own yet">
          Answers go by what this server is set up with. Bring a key, or a server, and they go by that.
        </EmptyState>
      ) : (
        <Section title="Your own">
          <ul className="-mx-5 -mb-5 divide-y divide-line border-line border-t sm:-mx-7 sm:-mb-7">
            {connections.map((connection) => (
              <ConnectionRow key={connection.provider} connection={connection} />
            ))}
          </ul>
        </Section>
      )}
      <Section
        title="Bring your own"
        lead="It is asked for its models first. What you enter takes the place of what was there."
      >
        <ConnectionForm />
      </Section>
    </Page>
  );
}
