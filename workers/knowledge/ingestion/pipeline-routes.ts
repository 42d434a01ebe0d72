import type { Context } from "hono";
import { readJson, readText } from "../../platform/http/body.ts";
import { serve, serveAs } from "../../workspaces/operation.ts";
import { type ContextEnv, createRouter } from "../../workspaces/router.ts";
import { configFromYaml, configToYaml } from "../pipeline-config.ts";
import { pipelineConfig, pipelineState } from "../pipeline-contract.ts";
import { readPipelineConfig, readPipelineRun } from "./read-pipeline.ts";
import { updatePipelineConfig } from "./update-pipeline.ts";

const yamlType = "application/yaml";
const isYaml = (type: string | undefined) => /^(?:application|text)\/(?:x-)?yaml\b/.test(type ?? "");

/** The body as JSON, or as YAML where its type says so. */
const readConfig = async (c: Context<ContextEnv>): Promise<unknown> =>
  isYaml(c.req.header("Content-Type")) ? configFromYaml(await readText(c)) : readJson(c);

export const pipelineRoutes = createRouter()
  .get("/pipeline/status/:run_id", serve(readPipelineRun))
  .get(
    "/pipeline/config",
    serveAs(readPipelineConfig, {
      responses: { 200: { "application/json": pipelineState, [yamlType]: "The configuration as a file." } },
      async respond(c, { slug, format, config, refreshing }) {
        if (format === "json" || (!format && !isYaml(c.req.header("Accept"))))
          return c.json({ ...config, ...refreshing }, 200);
        c.header("Content-Type", `${yamlType}; charset=utf-8`);
        c.header("Content-Disposition", `attachment; filename="${slug}-pipeline.yaml"`);
        return c.body(await configToYaml(config)) as never;
      },
    }),
  )
  .put(
    "/pipeline/config",
    serveAs(updatePipelineConfig, {
      read: readConfig,
      responses: { 200: pipelineState },
      requestBody: { "application/json": pipelineConfig, [yamlType]: "The configuration as a file." },
      respond: (c, state) => c.json(state, 200),
    }),
  );
