import { Hono } from "hono";
import type { RuntimeEnv } from "../../platform/http/runtime-env.ts";
import { serveAs } from "../../platform/open-operation.ts";
import { openDownload } from "./open-download.ts";
import { sendOriginal } from "./send-original.ts";

/** Files by a signed address, without signing in. */
export const downloadRoutes = new Hono<RuntimeEnv>().get(
  "/downloads/:token",
  serveAs(openDownload, {
    responses: { 200: { "*/*": "The file’s bytes, to be kept." } },
    respond: (c, document) => sendOriginal(c.env.UPLOADS, document, c.req.raw, { keep: true }),
  }),
);
