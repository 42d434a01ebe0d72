import type { z } from "zod";
import { getClone } from "../../clones/get-clone.ts";
import { askedBy } from "../../model-access/use.ts";
import { operation } from "../../workspaces/operation.ts";
import { searchInput, searchResult } from "../contract.ts";
import { searchConfigOf } from "../pipeline-config.ts";
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

export const searchDocuments = operation({
  summary: "Find passages in what a clone has read",
  tags: ["Search"],
  action: "document.read",
  scope: "write",
  input: searchInput,
  output: searchResult,
  async run(ctx, { body: { clone_id, query, top_k, mode, filter } }) {
    // Beside each other: of a clone that is not theirs nothing is told but that.
    const [clone, config] = await Promise.all([getClone(ctx, clone_id), searchConfigOf(ctx.db, clone_id)]);
    const started = performance.now();
    const found = await searchKnowledge(ctx, {
      workspaceId: clone.workspaceId,
      cloneId: clone.id,
      use: {
        ...{
          workspaceId: clone.workspaceId,
          privacy: clone.privacy,
          cloneId: clone.id,
          conversationId: null,
          turnId: null,
        },
        ...askedBy(ctx.actor, clone.workspaceId),
      },
      viewer: viewerOf(ctx.actor, clone),
      query,
      config,
      topK: top_k,
      mode,
      ...(filter ? { filter: filterOf(filter) } : {}),
    });
    return { data: found.map(presentPassage), took_ms: Math.round(performance.now() - started) };
  },
});
