import { z } from "zod";
import { getClone } from "../../clones/get-clone.ts";
import { describe, validate } from "../../platform/http/http.ts";
import { createRouter } from "../../workspaces/http.ts";
import { permitted } from "../../workspaces/permissions.ts";
import { documentHints } from "../contract.ts";
import { listHints } from "./list-hints.ts";

export const hintRoutes = createRouter().get(
  "/documents/hints",
  describe({
    summary: "What may be wrong in a clone’s documents",
    description:
      "Documents that say almost the same, and statements that give different numbers of the same thing. Hints: a person decides.",
    tags: ["Documents"],
    responses: { 200: documentHints },
  }),
  validate("query", z.object({ clone_id: z.string() })),
  async (c) => {
    const ctx = permitted(c.var.ctx, "document.read");
    return c.json(await listHints(ctx, await getClone(ctx, c.req.valid("query").clone_id)), 200);
  },
);
