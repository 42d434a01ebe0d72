import type { z } from "zod";
import { streamed } from "../platform/http/streamed.ts";
import type { Nothing, Operation } from "../platform/operation.ts";
import type { Context } from "../workspaces/context.ts";
import { serveAs } from "../workspaces/operation.ts";

/** Answers with a ZIP, as it is written, that is downloaded as `name` with its day, and kept by no cache. */
export const serveArchive = <P extends string>(
  operation: Operation<Context, P, Nothing, Nothing, z.ZodVoid, AsyncGenerator<Uint8Array>>,
  name: string,
) =>
  serveAs(operation, {
    responses: { 200: { "application/zip": "The archive." } },
    respond: (c, archive) =>
      c.body(streamed(c.var.runtime.log, archive), 200, {
        "Content-Type": "application/zip",
        "Content-Disposition": `attachment; filename="${name}-${new Date(c.var.runtime.clock.now()).toISOString().slice(0, 10)}.zip"`,
        "Cache-Control": "private, no-store",
      }),
  });
