import { getClone } from "../clones/get-clone.ts";
import { describe, validate } from "../platform/http.ts";
import { createRouter } from "../workspaces/http.ts";
import { permitted } from "../workspaces/permissions.ts";
import { searchInput, searchResult } from "./contract.ts";
import { pipelineConfigOf } from "./pipeline/config.ts";
import { presentPassage } from "./present.ts";
import { searchKnowledge } from "./search-knowledge.ts";
import { viewerOf } from "./viewer.ts";

export const searchRoutes = createRouter().post(
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
      viewer: viewerOf(ctx.actor, clone),
      query,
      config: await pipelineConfigOf(ctx.db, clone.id),
      topK: top_k,
      mode,
      ...(filter ? { filter: { documentIds: filter.document_ids, types: filter.types } } : {}),
    });
    return c.json({ data: found.map(presentPassage), took_ms: Math.round(performance.now() - started) }, 200);
  },
);
