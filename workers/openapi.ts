import { Hono } from "hono";
import { generateSpecs, loadVendor } from "hono-openapi";
import { z } from "zod";
import { version } from "../package.json";
import { docsPage } from "./openapi-page.ts";
import type { RuntimeEnv } from "./platform/http/runtime-env.ts";
import { openOperation, serveAs } from "./platform/open-operation.ts";

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
        description: "An API key, a session’s access token, or a visitor’s token.",
      },
    },
  },
  security: [{ bearer: [] }],
};

/** Serves the OpenAPI document of `app`, made once from the contracts, and its readable page. */
export function documentRoutes(app: Pick<Hono, "routes">) {
  let document: Promise<object> | undefined;
  const read = () => {
    document ??= generateSpecs(app as Hono, { documentation, exclude: [/^\/api\/(openapi\.json|docs)$/] });
    return document;
  };
  const tags = ["Documentation"];
  const readDocument = openOperation({ summary: "This document", tags, run: read });
  const readDocumentPage = openOperation({ summary: "This document as a page", tags, run: read });
  return new Hono<RuntimeEnv>()
    .get(
      "/api/openapi.json",
      serveAs(readDocument, { responses: { 200: "OpenAPI 3.1." }, respond: (c, document) => c.json(document) }),
    )
    .get(
      "/api/docs",
      serveAs(readDocumentPage, {
        responses: { 200: "A page." },
        respond: (c, document) => {
          c.header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          );
          return c.html(docsPage(document as Parameters<typeof docsPage>[0]));
        },
      }),
    );
}
