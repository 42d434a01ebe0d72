import { describe, validate } from "../platform/http/http.ts";
import { atWorkspace } from "../workspaces/at-workspace.ts";
import { createRouter } from "../workspaces/http.ts";
import { changeRetention, presentRetention } from "./change-retention.ts";
import { previewRetention } from "./preview-retention.ts";
import { retention, retentionInput, retentionPreview } from "./retention-contract.ts";
import { findRetention } from "./retention-queries.ts";

const tags = ["Workspaces"];

/** How long a workspace keeps conversations. */
export const retentionRoutes = createRouter()
  .get(
    "/workspaces/:id/retention",
    atWorkspace("retention.read"),
    describe({ summary: "How long a workspace keeps conversations", tags, responses: { 200: retention } }),
    async (c) => {
      const { db, actor } = c.var.ctx;
      return c.json(presentRetention(await findRetention(db, actor.workspaceId)), 200);
    },
  )
  .put(
    "/workspaces/:id/retention",
    atWorkspace("retention.write"),
    describe({
      summary: "Set how long a workspace keeps conversations",
      description:
        "What is older is deleted for good: messages, citations, shares. What is left out keeps them. A setting that takes more than before takes nothing for a day, until `effective_at`. See `/workspaces/{id}/retention/preview` first.",
      tags,
      responses: { 200: retention },
    }),
    validate("json", retentionInput),
    async (c) => c.json(await changeRetention(c.var.ctx, c.req.valid("json")), 200),
  )
  .post(
    "/workspaces/:id/retention/preview",
    atWorkspace("retention.write"),
    describe({
      summary: "What a setting would delete today",
      description: "Nothing is deleted. The audit log tells of it, as it shows titles of others’ conversations.",
      tags,
      responses: { 200: retentionPreview },
    }),
    validate("json", retentionInput),
    async (c) => c.json(await previewRetention(c.var.ctx, c.req.valid("json")), 200),
  );
