import { iso } from "../platform/clock.ts";
import { fileHeaders } from "../platform/http/csv.ts";
import { serveAs } from "../workspaces/operation.ts";
import { createRouter } from "../workspaces/router.ts";
import { type UsageSums, usageSums } from "./contract.ts";
import { readUsage, usageCsv } from "./read-usage.ts";

/** By the first and the last day that it tells of. */
function fileName({ group_by, from, to }: UsageSums): string {
  const last = iso(Date.parse(to) - 1);
  return `usage-by-${group_by}-${from.slice(0, 10)}-${last.slice(0, 10)}.csv`;
}

export const usageRoutes = createRouter().get(
  "/usage",
  serveAs(readUsage, {
    responses: { 200: { "application/json": usageSums, "text/csv": "The groups, in the order of `data`." } },
    respond: (c, { format, sums }) =>
      format === "json" ? c.json(sums, 200) : c.body(usageCsv(sums), 200, fileHeaders(fileName(sums))),
  }),
);
