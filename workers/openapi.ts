import type { Hono, Env as HonoEnv, Schema } from "hono";
import { generateSpecs, loadVendor } from "hono-openapi";
import { z } from "zod";
import { version } from "../package.json";
import { docsPage } from "./openapi-page.ts";
import { describe } from "./platform/http/http.ts";

// Zod writes its own JSON Schema, which is what OpenAPI 3.1 takes: no second converter is needed.
loadVendor("zod", {
  toOpenAPISchema: (schema) => z.toJSONSchema(schema as z.ZodType, { io: "input", unrepresentable: "any" }) as never,
});

const documentation = {
  openapi: "3.1.0",
  info: {
    title: "Understudy",
    version,
    description:
      "Build an AI stand-in from your own documents, and talk to it. Errors are application/problem+json with a stable code; lists take ?cursor=&limit=; times are ISO 8601 UTC.",
  },
  components: {
    securitySchemes: {
      bearer: {
        type: "http" as const,
        scheme: "bearer",
        description: "A session’s access token, or a visitor’s token.",
      },
    },
  },
  security: [{ bearer: [] }],
};

/** Serves the OpenAPI document of `app`, made once from the contracts, and its readable page. */
export function documentRoutes<E extends HonoEnv, S extends Schema, P extends string>(app: Hono<E, S, P>): void {
  let document: Promise<object> | undefined;
  const read = () => {
    document ??= generateSpecs(app, { documentation, exclude: [/^\/api\/(openapi\.json|docs)$/] });
    return document;
  };
  const tags = ["Documentation"];
  const described = describe({ summary: "This document", tags, open: true, responses: { 200: "OpenAPI 3.1." } });
  const shown = describe({ summary: "The same to read", tags, open: true, responses: { 200: "A page." } });
  app.get("/api/openapi.json", described, async (c) => c.json(await read()));
  app.get("/api/docs", shown, async (c) => {
    c.header(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    return c.html(docsPage((await read()) as Parameters<typeof docsPage>[0]));
  });
}
