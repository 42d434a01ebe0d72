import { SlidersIcon } from "@primer/octicons-react";
import { useState } from "react";
import { useRevalidator } from "react-router";
import { api, need } from "../api.server.ts";
import { useClone } from "../clones/use-clone.ts";
import { Library } from "../documents/library.tsx";
import { useRefreshing } from "../documents/use-refreshing.ts";
import { Page } from "../shell/page.tsx";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { whenNeeded } from "../ui/when-needed.tsx";
import { useMay } from "../workspaces/use-may.ts";
import type { Route } from "./+types/clone-knowledge.ts";

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { v1 } = api({ request, context }).api;
  const query = { clone_id: params.cloneId };
  const [documents, hints, pipeline] = await Promise.all([
    need(request, v1.documents.$get({ query: { ...query, limit: "100" } })),
    need(request, v1.documents.hints.$get({ query })),
    need(request, v1.pipeline.config.$get({ query })),
  ]);
  return { documents, hints, pipeline };
}

const PipelineDialog = whenNeeded(async () => (await import("../documents/pipeline-dialog.tsx")).PipelineDialog);

export default function CloneKnowledge({ loaderData }: Route.ComponentProps) {
  const { documents, hints, pipeline } = loaderData;
  const { clone } = useClone();
  const { revalidate } = useRevalidator();
  const [isSetting, setSetting] = useState(false);
  const mayWrite = useMay("document.write");
  const { refreshing, refresh_error } = pipeline;
  useRefreshing(refreshing > 0, revalidate);
  return (
    <Page width="middle">
      <div className="mb-6 flex flex-wrap items-end justify-between gap-x-4 gap-y-3">
        <div>
          <h2 className="display text-3xl">Knowledge</h2>
          <p className="mt-1 text-ink-soft">What it answers from. Every answer shows the page it comes from.</p>
        </div>
        {mayWrite && (
          <Button size="small" onClick={() => setSetting(true)}>
            <SlidersIcon /> How it reads
          </Button>
        )}
      </div>
      {refreshing > 0 && (
        <Notice tone={refresh_error ? "warn" : "info"} className="mb-5">
          {refreshing === 1 ? "1 document is" : `${refreshing} documents are`} being read anew. Answers come from what
          was read before until then.{refresh_error && ` It is tried again within the hour: ${refresh_error}`}
        </Notice>
      )}
      <Library key={clone.id} clone={clone} initial={documents} hints={hints} />
      {isSetting && (
        <PipelineDialog
          clone={clone}
          config={pipeline}
          onClose={() => setSetting(false)}
          onSaved={() => {
            setSetting(false);
            void revalidate();
          }}
        />
      )}
    </Page>
  );
}
