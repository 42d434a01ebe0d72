import { z } from "zod";
import { getClone } from "../../clones/get-clone.ts";
import { notFound } from "../../platform/errors.ts";
import { operation } from "../../workspaces/operation.ts";
import { ofClone, pipelineRun, tags } from "../contract.ts";
import { pipelineConfigOf } from "../pipeline-config.ts";
import { presentRun } from "../present.ts";
import { refreshingOf } from "./refresh.ts";
import { findRun } from "./run-queries.ts";

export const readPipelineRun = operation({
  summary: "One run of the pipeline, step by step",
  tags,
  action: "document.read",
  params: ["run_id"],
  output: pipelineRun,
  async run({ db, actor }, { params: { run_id } }) {
    const found = await findRun(db, actor.workspaceId, run_id);
    if (!found) throw notFound("run");
    return presentRun(found);
  },
});

export const readPipelineConfig = operation({
  summary: "How a clone reads its documents and searches them",
  description:
    "`format=yaml`, or `Accept: application/yaml`, gives a file that can be kept, and given to another clone.",
  tags,
  action: "document.read",
  query: ofClone.extend({ format: z.enum(["json", "yaml"]).optional() }),
  async run(ctx, { query: { clone_id, format } }) {
    const clone = await getClone(ctx, clone_id);
    const [config, refreshing] = await Promise.all([pipelineConfigOf(ctx.db, clone.id), refreshingOf(ctx, clone.id)]);
    return { slug: clone.slug, config, refreshing, format };
  },
});
