import { html, raw } from "hono/html";

interface JsonSchema {
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  format?: string;
}
interface Media {
  content?: Record<string, { schema?: JsonSchema }>;
  description?: string;
}
interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean; schema?: JsonSchema; description?: string }[];
  requestBody?: Media;
  responses?: Record<string, Media>;
}
interface ApiDocument {
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, Operation>>;
}

/** The type of a schema in one line: `string`, `integer | null`, `array of object`, `"a" | "b"`. */
function typeName(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf) return schema.anyOf.map(typeName).join(" | ");
  if (schema.items) return `array of ${typeName(schema.items)}`;
  const type = Array.isArray(schema.type) ? schema.type.join(" | ") : (schema.type ?? "any");
  return schema.format ? `${type} (${schema.format})` : type;
}

function fields(schema: JsonSchema | undefined, depth = 0): ReturnType<typeof html> | string {
  const object = schema?.items ?? schema?.anyOf?.find((each) => each.properties) ?? schema;
  const entries = Object.entries(object?.properties ?? {});
  if (entries.length === 0) return schema && depth === 0 ? html`<p><code>${typeName(schema)}</code></p>` : "";
  const required = new Set(object?.required ?? []);
  return html`<ul>
    ${entries.map(
      ([name, field]) =>
        html`<li><code>${name}</code> <span class="type">${typeName(field)}</span>${
          required.has(name) ? "" : html` <span class="type">optional</span>`
        } ${field.description ?? ""} ${depth < 2 ? fields(field, depth + 1) : ""}</li>`,
    )}
  </ul>`;
}

function media(part: Media | undefined) {
  const bodies = Object.entries(part?.content ?? {});
  if (bodies.length === 0) return html`<p>${part?.description ?? ""}</p>`;
  return bodies.map(([type, { schema }]) =>
    type === "application/json"
      ? fields(schema)
      : html`<p><code>${type}</code> ${schema?.description ?? ""}</p>${schema?.properties ? fields(schema) : ""}`,
  );
}

function operation(method: string, path: string, op: Operation) {
  const id = `${method}-${path.replace(/[^a-z0-9]+/gi, "-")}`;
  const responses = Object.entries(op.responses ?? {}).filter(([status]) => status !== "default");
  return html`<details id="${id}">
    <summary><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code> <span>${op.summary ?? ""}</span></summary>
    ${op.description ? html`<p>${op.description}</p>` : ""}
    ${op.security?.length === 0 ? html`<p>No credentials needed.</p>` : ""}
    ${
      op.parameters?.length
        ? html`<h4>Parameters</h4>
            <ul>
              ${op.parameters.map((each) => html`<li><code>${each.name}</code> <span class="type">${each.in}, ${typeName(each.schema ?? {})}</span> ${each.description ?? ""}</li>`)}
            </ul>`
        : ""
    }
    ${op.requestBody ? html`<h4>Body</h4>${media(op.requestBody)}` : ""}
    ${responses.map(([status, part]) => html`<h4>Answer ${status}</h4>${media(part)}`)}
  </details>`;
}

const style = `:root{color-scheme:light dark;--line:light-dark(#ddd9e4,#37323f);--soft:light-dark(#6a6475,#a59eb2)}
body{font:16px/1.55 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:2rem 1rem;color:light-dark(#1d1a24,#ece9f2);background:light-dark(#fdfcff,#141218)}
a{color:light-dark(#5b3fd6,#b3a2ff)}h2{margin:2.5rem 0 .75rem}h4{margin:1rem 0 .25rem}code{font:0.9em ui-monospace,monospace;overflow-wrap:anywhere}
details{border:1px solid var(--line);border-radius:10px;margin:.5rem 0;padding:.6rem .9rem}summary{cursor:pointer;display:flex;gap:.6rem;flex-wrap:wrap;align-items:baseline}
summary span:last-child{color:var(--soft)}ul{padding-left:1.2rem}.type{color:var(--soft);font-size:.9em}.method{font:600 .75em ui-monospace,monospace;min-width:4.5em}`;

/** A readable page of the API, without scripts: every operation with its parameters, body and answers. */
export function docsPage(document: ApiDocument) {
  const groups = new Map<string, ReturnType<typeof operation>[]>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, op] of Object.entries(methods)) {
      const tag = op.tags?.[0] ?? "Other";
      groups.set(tag, [...(groups.get(tag) ?? []), operation(method, path, op)]);
    }
  }
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${document.info.title} API</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <h1>${document.info.title} API <small class="type">${document.info.version}</small></h1>
        <p>${document.info.description ?? ""}</p>
        <p><a href="/api/openapi.json">The OpenAPI document</a> · <a href="/">The app</a></p>
        ${[...groups].map(([tag, operations]) => html`<h2>${tag}</h2>${operations}`)}
      </body>
    </html>`;
}
