import { getClone } from "../../clones/get-clone.ts";
import { operation } from "../../workspaces/operation.ts";
import { ofClone, tags } from "../contract.ts";
import { storePipelineConfig } from "../pipeline-config.ts";
import { pipelineConfig, pipelineState } from "../pipeline-contract.ts";
import { refreshClone, refreshingOf } from "./refresh.ts";

/** Throws `not_found`, and `validation_failed` for an unknown model. */
export const updatePipelineConfig = operation({
  summary: "Change how a clone reads its documents and searches them",
  description:
    "The whole configuration, as JSON or as `Content-Type: application/yaml`; what is left out is as by default. Documents that were read in another way are read anew in the background, and are found as they are until then.",
  tags,
  action: "document.write",
  audit: "pipeline.changed",
  bodyLimit: { bytes: 64_000 },
  query: ofClone,
  input: pipelineConfig,
  output: pipelineState,
  async run(ctx, { query: { clone_id }, body: config }) {
    const clone = await getClone(ctx, clone_id);
    await storePipelineConfig(ctx, clone, config);
    await refreshClone(ctx, clone.id);
    return { ...config, ...(await refreshingOf(ctx, clone.id)) };
  },
});
