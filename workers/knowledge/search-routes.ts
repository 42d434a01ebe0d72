import { z } from "zod";
import { getClone } from "../clones/get-clone.ts";
import { notFound, Problem } from "../platform/errors.ts";
import { describe, validate } from "../platform/http.ts";
import { createRouter } from "../workspaces/http.ts";
import { permitted } from "../workspaces/permissions.ts";
import { defaultChunkSizes } from "./chunk-document.ts";
import { pipelineConfig, pipelineRun, searchInput, searchResult } from "./contract.ts";
import { presentPassage, presentRun } from "./present.ts";
import { readPipelineConfig, writePipelineConfig } from "./queries.ts";
import { findRun } from "./run-queries.ts";
import { searchKnowledge } from "./search-knowledge.ts";

const ofClone = z.object({ clone_id: z.string() });

export const searchRoutes = createRouter()
  .post(
    "/documents/search",
    describe({ summary: "Find passages in what a clone has read", tags: ["Search"], responses: { 200: searchResult } }),
    validate("json", searchInput),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.read");
      const { clone_id, query, top_k, mode, filter } = c.req.valid("json");
      const clone = await getClone(ctx, clone_id);
      const started = performance.now();
      const found = await searchKnowledge(ctx, {
        workspaceId: clone.workspaceId,
        cloneId: clone.id,
        query,
        topK: top_k,
        mode,
        ...(filter ? { filter: { documentIds: filter.document_ids, types: filter.types } } : {}),
      });
      return c.json({ data: found.map(presentPassage), took_ms: Math.round(performance.now() - started) }, 200);
    },
  )
  .get(
    "/pipeline/status/:run_id",
    describe({
      summary: "One run of the pipeline, step by step",
      tags: ["Documents"],
      responses: { 200: pipelineRun },
    }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.read");
      const found = await findRun(ctx.db, ctx.actor.workspaceId, c.req.param("run_id"));
      if (!found) throw notFound("run");
      return c.json(presentRun(found), 200);
    },
  )
  .get(
    "/pipeline/config",
    describe({ summary: "How a clone’s documents are cut", tags: ["Documents"], responses: { 200: pipelineConfig } }),
    validate("query", ofClone),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.read");
      const clone = await getClone(ctx, c.req.valid("query").clone_id);
      const row = await readPipelineConfig(ctx.db, clone.id);
      const { size, overlap } = defaultChunkSizes;
      return c.json({ chunk_size: row?.chunkSize ?? size, chunk_overlap: row?.chunkOverlap ?? overlap }, 200);
    },
  )
  .put(
    "/pipeline/config",
    describe({
      summary: "Change how a clone’s documents are cut",
      description: "Counts for documents that are read from now on; retry or upload again those that stand.",
      tags: ["Documents"],
      responses: { 200: pipelineConfig },
    }),
    validate("query", ofClone),
    validate("json", pipelineConfig),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.write");
      const clone = await getClone(ctx, c.req.valid("query").clone_id);
      const { chunk_size, chunk_overlap } = c.req.valid("json");
      if (chunk_overlap > chunk_size / 2) {
        const message = "The overlap may be at most half of the chunk.";
        throw new Problem("validation_failed", message, { errors: [{ path: "chunk_overlap", message }] });
      }
      const row = {
        cloneId: clone.id,
        workspaceId: clone.workspaceId,
        chunkSize: chunk_size,
        chunkOverlap: chunk_overlap,
        updatedAt: ctx.clock.now(),
      };
      await writePipelineConfig(ctx.db, row);
      return c.json({ chunk_size, chunk_overlap }, 200);
    },
  );
