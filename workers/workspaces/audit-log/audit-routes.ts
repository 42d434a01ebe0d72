import { auditExport } from "../../audit/contract.ts";
import { fileHeaders } from "../../platform/http/csv.ts";
import { serve, serveAs } from "../operation.ts";
import { createRouter } from "../router.ts";
import { exportAuditLog, listAuditEvents, verifyAuditLog } from "./read-audit.ts";

export const auditRoutes = createRouter()
  .get("/audit", serve(listAuditEvents))
  .get(
    "/audit/export",
    serveAs(exportAuditLog, {
      responses: { 200: { "application/json": auditExport, "text/csv": "The events, newest first." } },
      respond: (c, { stream, format, head }) =>
        c.body(stream, 200, {
          ...fileHeaders(`audit-log.${format}`, format === "csv" ? undefined : "application/json"),
          "X-Audit-Head": `${head.seq}:${head.hash}`,
        }),
    }),
  )
  .get("/audit/verify", serve(verifyAuditLog));
