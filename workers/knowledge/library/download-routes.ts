import { Hono } from "hono";
import { describe, type RuntimeEnv } from "../../platform/http/http.ts";
import { openDownload } from "./open-download.ts";
import { contentOf } from "./read-document.ts";

/** Files by a signed address, without signing in. */
export const downloadRoutes = new Hono<RuntimeEnv>().get(
  "/downloads/:token",
  describe({
    summary: "The file that a signed address stands for",
    tags: ["Documents"],
    open: true,
    responses: { 200: "The file’s bytes, to be kept." },
  }),
  async (c) => {
    const document = await openDownload(c.var.runtime, c.req.param("token"));
    return contentOf(c.env.UPLOADS, document, c.req.raw, { keep: true });
  },
);
