import { SyncIcon } from "@primer/octicons-react";
import { redirect, useRevalidator } from "react-router";
import { api, attempt, signInPath } from "../api.server.ts";
import { LoadedModels } from "../box/loaded-models.tsx";
import { ModelRow } from "../box/model-row.tsx";
import { NoBox } from "../box/no-box.tsx";
import { PullForm } from "../box/pull-form.tsx";
import { Page } from "../shell/page.tsx";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { Section } from "../workspaces/section.tsx";
import type { Route } from "./+types/box.ts";

export const meta = () => [{ title: "Own machine · Understudy" }];

export async function loader({ request, context }: Route.LoaderArgs) {
  const { v1 } = api({ request, context }).api;
  const [models, loaded] = await Promise.all([attempt(v1.ollama.models.$get()), attempt(v1.ollama.ps.$get())]);
  if (!models.ok && models.problem.status === 401) throw redirect(signInPath(request));
  return {
    box: models.ok ? models.value : null,
    loaded: loaded.ok ? loaded.value : null,
    problem: !models.ok ? models.problem.detail : !loaded.ok ? loaded.problem.detail : null,
  };
}

/** What is said of a machine, by whose it is. */
const leads = {
  installation: "Models that answer on your own GPU, for the whole installation.",
  workspace: "Models that answer on your own GPU, for this workspace alone.",
};

/** The owner's own machine: what it has loaded, who waits for it, what it has, and what can be fetched. */
export default function Box({ loaderData: { box, loaded, problem } }: Route.ComponentProps) {
  const { revalidate, state } = useRevalidator();
  const mayChange = box?.may_change ?? false;
  const names = new Set(loaded?.data.map(({ name }) => name));
  const again = (
    <Button size="small" busy={state !== "idle"} onClick={() => void revalidate()}>
      <SyncIcon /> Look again
    </Button>
  );
  return (
    <Page width="narrow" className="flex flex-col gap-5">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0 flex-1 basis-72">
          <h1 className="display text-4xl">Own machine</h1>
          <p className="mt-2 text-ink-soft">{box?.payer ? leads[box.payer] : "Models that answer on your own GPU."}</p>
        </div>
        {box?.configured && !problem && again}
      </div>
      {problem && (
        <Notice tone="danger" action={again}>
          {problem}
        </Notice>
      )}
      {box && !box.configured && <NoBox found={box.found} />}
      {box?.configured && (
        <>
          <Section title="Loaded now">
            <LoadedModels loaded={loaded?.data ?? []} line={loaded?.line ?? null} />
          </Section>
          {mayChange && (
            <Section title="Fetch a model">
              <PullForm onPulled={revalidate} />
            </Section>
          )}
          <Section title="Models">
            {box.data.length === 0 ? (
              <p className="text-ink-soft text-sm">The machine has no models yet.</p>
            ) : (
              <ul className="-mx-5 -mb-5 divide-y divide-line border-line border-t sm:-mx-7 sm:-mb-7">
                {box.data.map((model) => (
                  <ModelRow
                    key={model.id}
                    model={model}
                    isLoaded={names.has(model.name)}
                    mayChange={mayChange}
                    onChanged={revalidate}
                  />
                ))}
              </ul>
            )}
          </Section>
        </>
      )}
    </Page>
  );
}
