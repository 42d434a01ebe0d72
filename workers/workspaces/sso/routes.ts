import { serve } from "../operation.ts";
import { createRouter } from "../router.ts";
import { changeConnection } from "./change-connection.ts";
import { createConnection } from "./create-connection.ts";
import { deleteConnection } from "./delete-connection.ts";
import { addDomain, deleteDomain } from "./domains.ts";
import { listConnections, readConnection } from "./read-connections.ts";
import { verifyDomain } from "./verify-domain.ts";

const connection = "/workspaces/:id/sso/:connection_id";

export const ssoRoutes = createRouter()
  .get("/workspaces/:id/sso", serve(listConnections))
  .post("/workspaces/:id/sso", serve(createConnection, 201))
  .get(connection, serve(readConnection))
  .patch(connection, serve(changeConnection))
  .delete(connection, serve(deleteConnection))
  .post(`${connection}/domains`, serve(addDomain, 201))
  .post(`${connection}/domains/:domain_id/verification`, serve(verifyDomain))
  .delete(`${connection}/domains/:domain_id`, serve(deleteDomain));
