import * as workers from "cloudflare:workers";
import { isProblem } from "../errors.ts";
import { type Attributes, Span } from "./span.ts";

/** Cloudflare's own tracing, where this runtime has it. */
const native = (workers as { tracing?: typeof workers.tracing }).tracing;

/** Why something failed, in a word that tells nothing of what was said. */
const whyOf = (error: unknown) => (isProblem(error) ? error.code : error instanceof Error ? error.name : "error");

/**
 * Does `work` as a span below the context's own, which ends when it does: also one of Cloudflare's, where there is one. What `work` calls with the context that it is handed stands below it.
 */
export function inSpan<C extends { span?: Span | undefined }, T>(
  ctx: C,
  name: string,
  attributes: Attributes,
  work: (ctx: C, span: Span) => Promise<T>,
): Promise<T> {
  const span = ctx.span?.open(name, attributes) ?? Span.root(name);
  const run = async () => {
    try {
      return await work({ ...ctx, span }, span);
    } catch (error) {
      span.fail(whyOf(error));
      throw error;
    } finally {
      span.end();
    }
  };
  if (!native || !span.isTracedByRuntime) return run();
  return native.enterSpan(name, async (theirs) => {
    // It follows an invocation as a whole, or not at all.
    span.isTracedByRuntime = theirs.isTraced;
    try {
      return await run();
    } finally {
      if (theirs.isTraced)
        for (const [key, value] of Object.entries(span.attributes))
          theirs.setAttribute(key, typeof value === "object" ? value.join() : value);
    }
  });
}
