import type { Context } from "hono";
import { z } from "zod";
import { getClone } from "../../clones/get-clone.ts";
import { notFound } from "../../platform/errors.ts";
import { readJson, readText } from "../../platform/http/body.ts";
import { describe, validate } from "../../platform/http/http.ts";
import { invalid } from "../../platform/http/problem.ts";
import { type ContextEnv, createRouter } from "../../workspaces/http.ts";
import { permitted } from "../../workspaces/permissions.ts";
import { pipelineConfig, pipelineRun, pipelineState } from "../contract.ts";
import { configFromYaml, configToYaml, pipelineConfigOf, storePipelineConfig } from "../pipeline-config.ts";
import { presentRun } from "../present.ts";
import { countRefreshing, refreshClone } from "./refresh.ts";
import { findRun } from "./run-queries.ts";

const ofClone = z.object({ clone_id: z.string() });
const tags = ["Documents"];
const yamlType = "application/yaml";
const isYaml = (type: string | undefined) => /^(?:application|text)\/(?:x-)?yaml\b/.test(type ?? "");

/** The body as JSON, or as YAML where its type says so. */
async function configIn(c: Context<ContextEnv>): Promise<z.output<typeof pipelineConfig>> {
  const said = isYaml(c.req.header("Content-Type")) ? await configFromYaml(await readText(c)) : await readJson(c);
  const parsed = pipelineConfig.safeParse(said);
  if (!parsed.success) throw invalid(parsed.error.issues);
  return parsed.data;
}

export const pipelineRoutes = createRouter()
  .get(
    "/pipeline/status/:run_id",
    describe({ summary: "One run of the pipeline, step by step", tags, responses: { 200: pipelineRun } }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.read");
      const found = await findRun(ctx.db, ctx.actor.workspaceId, c.req.param("run_id"));
      if (!found) throw notFound("run");
      return c.json(presentRun(found), 200);
    },
  )
  .get(
    "/pipeline/config",
    describe({
      summary: "How a clone reads its documents and searches them",
      description:
        "`format=yaml`, or `Accept: application/yaml`, gives a file that can be kept, and given to another clone.",
      tags,
      responses: { 200: pipelineState },
    }),
    validate("query", ofClone.extend({ format: z.enum(["json", "yaml"]).optional() })),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.read");
      const { clone_id, format } = c.req.valid("query");
      const clone = await getClone(ctx, clone_id);
      const config = await pipelineConfigOf(ctx.db, clone.id);
      if (format === "yaml" || (!format && isYaml(c.req.header("Accept")))) {
        c.header("Content-Type", `${yamlType}; charset=utf-8`);
        c.header("Content-Disposition", `attachment; filename="${clone.slug}-pipeline.yaml"`);
        return c.body(await configToYaml(config)) as never;
      }
      return c.json({ ...config, refreshing: await countRefreshing(ctx, clone.id) }, 200);
    },
  )
  .put(
    "/pipeline/config",
    describe({
      summary: "Change how a clone reads its documents and searches them",
      description:
        "The whole configuration, as JSON or as `Content-Type: application/yaml`; what is left out is as by default. Documents that were read in another way are read anew in the background, and are found as they are until then.",
      tags,
      responses: { 200: pipelineState },
      requestBody: {
        required: true,
        content: {
          "application/json": { schema: z.toJSONSchema(pipelineConfig, { io: "input" }) as object },
          [yamlType]: { schema: { type: "string" } },
        },
      },
      bodyLimit: { bytes: 64_000 },
    }),
    validate("query", ofClone),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.write");
      const clone = await getClone(ctx, c.req.valid("query").clone_id);
      const config = await configIn(c);
      await storePipelineConfig(ctx, clone, config);
      await refreshClone(ctx, clone.id);
      return c.json({ ...config, refreshing: await countRefreshing(ctx, clone.id) }, 200);
    },
  );
