import { serve } from "../workspaces/operation.ts";
import { createRouter } from "../workspaces/router.ts";
import { readClonePrice, setClonePrice } from "./clone-price.ts";
import { createClone } from "./create-clone.ts";
import { deleteClone } from "./delete-clone.ts";
import { listClones, readClone } from "./read-clones.ts";
import { closeSession, extendSession, listSessions, openSession } from "./sessions.ts";
import { updateClone } from "./update-clone.ts";

export const cloneRoutes = createRouter()
  .post("/clones", serve(createClone, 201))
  .get("/clones", serve(listClones))
  .get("/clones/:id", serve(readClone))
  .patch("/clones/:id", serve(updateClone))
  .delete("/clones/:id", serve(deleteClone))
  .get("/clones/:id/price", serve(readClonePrice))
  .put("/clones/:id/price", serve(setClonePrice))
  .post("/clones/:id/sessions", serve(openSession, 201))
  .get("/clones/:id/sessions", serve(listSessions))
  .post("/sessions/:id/extend", serve(extendSession))
  .post("/sessions/:id/close", serve(closeSession));
