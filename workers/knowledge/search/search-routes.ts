import type { z } from "zod";
import { getClone } from "../../clones/get-clone.ts";
import { describe, validate } from "../../platform/http/http.ts";
import { createRouter } from "../../workspaces/http.ts";
import { permitted } from "../../workspaces/permissions.ts";
import { searchInput, searchResult } from "../contract.ts";
import { pipelineConfigOf } from "../pipeline-config.ts";
import { presentPassage } from "../present.ts";
import { type KnowledgeFilter, searchKnowledge } from "../search-knowledge.ts";
import { viewerOf } from "../viewer.ts";

type Filter = NonNullable<z.output<typeof searchInput>["filter"]>;

const filterOf = ({ document_ids, types, tags, written_from, written_to }: Filter): KnowledgeFilter => ({
  documentIds: document_ids,
  types,
  tags,
  writtenFrom: written_from,
  writtenTo: written_to,
});

export const searchRoutes = createRouter().post(
  "/documents/search",
  describe({ summary: "Find passages in what a clone has read", tags: ["Search"], responses: { 200: searchResult } }),
  validate("json", searchInput),
  async (c) => {
    const ctx = permitted(c.var.ctx, "document.read");
    const { clone_id, query, top_k, mode, filter } = c.req.valid("json");
    // Beside each other: of a clone that is not theirs nothing is told but that.
    const [clone, config] = await Promise.all([getClone(ctx, clone_id), pipelineConfigOf(ctx.db, clone_id)]);
    const started = performance.now();
    const found = await searchKnowledge(ctx, {
      workspaceId: clone.workspaceId,
      cloneId: clone.id,
      viewer: viewerOf(ctx.actor, clone),
      query,
      config,
      topK: top_k,
      mode,
      ...(filter ? { filter: filterOf(filter) } : {}),
    });
    return c.json({ data: found.map(presentPassage), took_ms: Math.round(performance.now() - started) }, 200);
  },
);
