import { data } from "react-router";
import { api, need } from "../api.server.ts";
import { useClone } from "../clones/use-clone.ts";
import { TestBench } from "../evaluation/test-bench.tsx";
import { Page } from "../shell/page.tsx";
import type { Route } from "./+types/clone-test.ts";

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { evaluation } = api({ request, context }).api.v1;
  const clone_id = params.cloneId;
  const [questions, runs] = await Promise.all([
    need(request, evaluation.questions.$get({ query: { clone_id, limit: "100" } })),
    need(request, evaluation.runs.$get({ query: { clone_id, limit: "10" } })),
  ]);
  const [newest] = runs.data;
  const details = newest ? await need(request, evaluation.runs[":id"].$get({ param: { id: newest.id } })) : null;
  return data({ questions, runs: runs.data, details });
}

export default function CloneTest({ loaderData }: Route.ComponentProps) {
  const { clone } = useClone();
  return (
    <Page width="middle">
      <div className="mb-6">
        <h2 className="display text-3xl">Test</h2>
        <p className="mt-1 text-ink-soft">
          Questions it should be able to answer, and whether it does: asked again whenever you want to know.
        </p>
      </div>
      <TestBench key={clone.id} clone={clone} {...loaderData} />
    </Page>
  );
}
