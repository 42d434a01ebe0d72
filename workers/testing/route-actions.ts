import type { Action } from "../workspaces/roles.ts";

/** Routes by what they need, as the table in `workspaces/roles.ts` names it; all others are open, or a person's own account. */
const byAction: Partial<Record<Action, string[]>> = {
  "key.create": ["POST /api/v1/api-keys"],
  "key.read": ["GET /api/v1/api-keys"],
  "key.revoke": ["DELETE /api/v1/api-keys/:id"],
  "clone.read": ["GET /api/v1/clones", "GET /api/v1/clones/:id"],
  "clone.write": ["POST /api/v1/clones", "PATCH /api/v1/clones/:id"],
  "clone.delete": ["DELETE /api/v1/clones/:id"],
  "document.read": [
    "GET /api/v1/documents",
    "GET /api/v1/documents/:id/status",
    "GET /api/v1/documents/:id/passages",
    "POST /api/v1/documents/:id/download-link",
    "GET /api/v1/documents/hints",
    "GET /api/v1/documents/imports/:id",
    "POST /api/v1/documents/search",
    "GET /api/v1/pipeline/status/:run_id",
    "GET /api/v1/pipeline/config",
  ],
  "document.open": ["GET /api/v1/documents/:id", "GET /api/v1/documents/:id/text", "GET /api/v1/documents/:id/content"],
  "document.write": [
    "POST /api/v1/documents/upload",
    "POST /api/v1/documents/import",
    "POST /api/v1/documents/:id/retry",
    "PATCH /api/v1/documents/:id",
    "PUT /api/v1/documents/:id/content",
    "DELETE /api/v1/documents/:id",
    "PUT /api/v1/pipeline/config",
  ],
  "evaluation.read": [
    "GET /api/v1/evaluation/questions",
    "GET /api/v1/evaluation/runs",
    "GET /api/v1/evaluation/runs/:id",
  ],
  "evaluation.run": [
    "POST /api/v1/evaluation/questions",
    "DELETE /api/v1/evaluation/questions/:id",
    "POST /api/v1/evaluation/runs",
  ],
  "conversation.read": [
    "GET /api/v1/conversations",
    "GET /api/v1/conversations/labels",
    "GET /api/v1/conversations/export",
    "POST /api/v1/conversations/search",
    "GET /api/v1/conversations/:id",
    "GET /api/v1/conversations/:id/messages",
    "GET /api/v1/conversations/:id/stream",
    "GET /api/v1/conversations/:id/socket",
    "GET /api/v1/conversations/:id/queue",
    "GET /api/v1/conversations/:id/export",
    "GET /v1/models",
    "GET /v1/models/:id{.+}",
  ],
  "conversation.write": [
    "POST /api/v1/conversations",
    "PUT /api/v1/conversations/:id",
    "DELETE /api/v1/conversations/:id",
    "POST /api/v1/conversations/:id/messages",
    "POST /api/v1/conversations/:id/regenerate",
    "POST /api/v1/conversations/:id/continue",
    "POST /api/v1/conversations/:id/compare",
    "POST /api/v1/conversations/:id/stop",
    "POST /api/v1/conversations/:id/fork",
    "POST /api/v1/conversations/delete",
    "POST /api/v1/conversations/archive",
    "POST /api/v1/conversations/import",
    "DELETE /api/v1/conversations/:id/messages/:messageId",
    "DELETE /api/v1/conversations/:id/queue/:turn_id",
    "POST /v1/chat/completions",
  ],
};

const flat = Object.entries(byAction).flatMap(([action, routes]) => routes.map((route) => [route, action] as const));

/** What a route needs, by its method and path. */
export const actionOf = new Map(flat as [string, Action][]);
