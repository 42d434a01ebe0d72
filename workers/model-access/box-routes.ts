import { sseFrame, sseHeaders } from "../platform/http/sse.ts";
import { serve, serveAs } from "../workspaces/operation.ts";
import { createRouter } from "../workspaces/router.ts";
import { whileAllowed } from "../workspaces/while-allowed.ts";
import { deleteBoxModel } from "./box/delete-box-model.ts";
import { listBoxModels } from "./box/list-box-models.ts";
import { listLoadedModels } from "./box/list-loaded-models.ts";
import { pullBoxModel } from "./box/pull-box-model.ts";
import { warmBoxModel } from "./box/warm-box-model.ts";

const farewell = sseFrame({
  event: "error",
  data: { error: "Your access to the box has ended.", code: "INTERRUPTED" },
});

/** The owner's own machine: what it has, what it has loaded, and for whoever runs the installation what changes that. */
export const boxRoutes = createRouter()
  .get("/ollama/models", serve(listBoxModels))
  .get("/ollama/ps", serve(listLoadedModels))
  .post(
    "/ollama/pull",
    serveAs(pullBoxModel, {
      responses: { 200: { "text/event-stream": "How far the box is: `progress`, then `done` or `error`." } },
      respond: (c, events) => new Response(whileAllowed(c, "box.write", events, farewell), { headers: sseHeaders }),
    }),
  )
  .post("/ollama/warm", serve(warmBoxModel))
  // Names hold slashes and colons (`hf.co/maker/model:Q4_K_M`); one at the end is none of theirs.
  .delete("/ollama/models/:name{.*[^/]}", serve(deleteBoxModel));
