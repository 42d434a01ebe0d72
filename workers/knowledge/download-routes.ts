import { Hono } from "hono";
import { connect } from "../db/client.ts";
import { notFound } from "../platform/errors.ts";
import { describe, type RuntimeEnv } from "../platform/http.ts";
import { readDownload } from "./download-token.ts";
import { findAnyDocument } from "./queries.ts";
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
    const { config, clock } = c.var.runtime;
    const named = await readDownload(config, c.req.param("token"), clock.now());
    const document = named && (await findAnyDocument(connect(c.env.DB), named.documentId));
    // A document that was deleted, or has another file by now, is not what the address was made for.
    if (!document || document.storageKey !== named?.storageKey) throw notFound("file, or its address has expired");
    return contentOf(c.env.UPLOADS, document, c.req.raw, { keep: true });
  },
);
