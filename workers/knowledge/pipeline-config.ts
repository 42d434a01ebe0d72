import type { z } from "zod";
import { cloneChanged } from "../clones/clone-changes.ts";
import type { Database } from "../db/client.ts";
import type { Payer } from "../model-access/use.ts";
import { chosenEmbedderFor, requireReranker } from "../model-access/workspace-models.ts";
import { isProblem, Problem, refusedField } from "../platform/errors.ts";
import { withAudit } from "../workspaces/audited.ts";
import type { Context } from "../workspaces/context.ts";
import { type PipelineConfig, pipelineConfig } from "./pipeline-contract.ts";
import { findPipeline, selectEmbedders, selectPipeline, upsertPipeline } from "./queries.ts";

/** How a clone is searched. */
export interface SearchConfig extends PipelineConfig {
  /** Which embedders made the vectors that it has: another than it is set to as long as documents are read anew. Turns of older versions lack it. */
  embedders?: string[];
}

/** What a clone works by that was never configured. */
export const defaultConfig: PipelineConfig = pipelineConfig.parse({});

/** A way of cutting as one word, to tell whether a document was cut in it: `structure/225/50`. */
export const chunkingKey = ({ strategy, size, overlap }: PipelineConfig["chunking"]) =>
  `${strategy}/${size}/${overlap}`;

/** A clone's configuration; what a stored one does not say yet is as by default. */
export async function pipelineConfigOf(db: Database, cloneId: string): Promise<PipelineConfig> {
  return configFrom((await findPipeline(db, cloneId)) ?? null);
}

/** How a clone is searched, read in one batch. */
export async function searchConfigOf(db: Database, cloneId: string): Promise<SearchConfig> {
  const [[stored], embedders] = await db.batch([selectPipeline(db, cloneId), selectEmbedders(db, cloneId)]);
  return searchConfigFrom(stored?.config ?? null, embedders);
}

/** How a clone is searched by what `selectPipeline` and `selectEmbedders` have found. */
export const searchConfigFrom = (stored: unknown, embedders: { id: string }[]): SearchConfig => ({
  ...configFrom(stored),
  embedders: embedders.map(({ id }) => id),
});

/** A stored configuration as one to work by. */
export const configFrom = (stored: unknown): PipelineConfig =>
  stored === null ? defaultConfig : pipelineConfig.parse(stored);

/** A refusal to give a model, told on the field that names it. */
function onField(path: string, error: unknown): never {
  if (!isProblem(error)) throw error;
  throw refusedField(path, error.message);
}

async function embedderNamed(ctx: Context, payer: Payer, model: string): Promise<string> {
  try {
    return (await chosenEmbedderFor(ctx, payer, model)).id;
  } catch (error) {
    return onField("embedding.model", error);
  }
}

async function requireRerankerNamed(ctx: Context, payer: Payer, id: string | null): Promise<void> {
  try {
    if (id !== null) await requireReranker(ctx, payer, id);
  } catch (error) {
    onField("retrieval.reranker", error);
  }
}

/** Stores a configuration with what tells whether a document was read by it. Throws `validation_failed` for an unknown model. */
export async function storePipelineConfig(
  ctx: Context,
  clone: { id: string } & Payer,
  config: PipelineConfig,
): Promise<void> {
  const { model } = config.embedding;
  await requireRerankerNamed(ctx, clone, config.retrieval.reranker);
  const values = {
    config,
    chunking: chunkingKey(config.chunking),
    embedder: model === null ? null : await embedderNamed(ctx, clone, model),
    updatedAt: ctx.clock.now(),
  };
  const change = upsertPipeline(ctx.db, { cloneId: clone.id, workspaceId: clone.workspaceId, ...values });
  const resource = { kind: "clone", id: clone.id };
  const details = { config: JSON.stringify(config).slice(0, 2_000) };
  await withAudit(ctx, change, { action: "pipeline.changed", resource, details });
  await cloneChanged(ctx, clone.id);
}

const yamlHead = `# How a clone reads its documents and finds answers in them. Sizes are in tokens.
`;

/** A configuration as a YAML file that `configFromYaml` reads. */
export async function configToYaml(config: PipelineConfig): Promise<string> {
  const { stringify } = await import("yaml");
  return yamlHead + stringify(config);
}

/** Signs of YAML that a configuration may have; one that is written out here has some sixty. */
const mostSigns = 2_000;
/** All by which YAML becomes more than one plain value. */
const signs = /[\r\n\0,[\]{}:?#&*!|>%@`'"-]/g;

/** Refuses YAML of too many parts before it is parsed: what its parser does grows with the square of keys, brackets and errors. */
function requireFewSigns(text: string): void {
  let count = 0;
  for (const _ of text.matchAll(signs)) {
    if (++count <= mostSigns) continue;
    throw new Problem("payload_too_large", "This is too long for a configuration. Send only what one consists of.");
  }
}

/** What a YAML file says, before it is validated. Throws `malformed_request` with the place of the fault. */
export async function configFromYaml(text: string): Promise<z.input<typeof pipelineConfig>> {
  requireFewSigns(text);
  if (text.trim() === "") throw new Problem("malformed_request", "The file is empty. Export one to see what it holds.");
  const { parse, YAMLParseError } = await import("yaml");
  try {
    // Plain data only: an alias in a configuration has no use but to grow.
    return parse(text, { maxAliasCount: 0, schema: "core", logLevel: "error" }) ?? {};
  } catch (error) {
    if (error instanceof YAMLParseError || error instanceof ReferenceError) {
      throw new Problem("malformed_request", `This is no YAML that can be read: ${error.message.split("\n")[0]}`);
    }
    throw error;
  }
}
