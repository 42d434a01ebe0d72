import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { standIn } from "./chat/testing/turns.ts";
import { type Belongings, canary, furnish } from "./testing/belongings.ts";
import { call, signUp, workspaceOf } from "./testing/client.ts";
import { idsIn, rowsNaming } from "./testing/isolation.ts";

const v1 = "/api/v1";
const model = standIn("reply=Hello");

interface Attempt {
  /** Where one's own id would have to stand. */
  path?: (own: Belongings) => string;
  /** A body of one’s own with the foreign id in the field that the case is named by. */
  json?: (own: Belongings, foreign: Belongings & { home: string }) => object;
  query?: (foreign: Belongings) => string;
  /** The statuses that are right: as for a missing id. */
  expected: number[];
}

const conversation = (rest: string) => (own: Belongings) => `${v1}/conversations/${own.conversation}${rest}`;
const missing = [404];
const ofClone = (foreign: Belongings) => `clone_id=${foreign.clone}`;

const offline = { model: "offline/extractive" };
const said = { role: "user", content: "Hi" };
const calling = (id: string) => ({
  role: "assistant",
  content: null,
  tool_calls: [{ id, type: "function", function: { name: "look", arguments: "{}" } }],
});

/** Every id that a body or a query may hold, by route and field. One that is missing here fails the test. */
const cases: Record<string, Attempt> = {
  "POST /api/v1/visitors clone": { json: (_, of) => ({ clone: of.slug }), expected: missing },
  // Ids that authenticators make: whose they are is said by a signature.
  "POST /api/v1/auth/passkeys credential.id": {
    json: (_, of) => ({
      credential: {
        id: of.passkey,
        rawId: of.passkey,
        type: "public-key",
        response: { clientDataJSON: "e30", attestationObject: "oA" },
      },
    }),
    expected: [422],
  },
  "POST /api/v1/auth/passkeys/sign-in id": {
    json: (_, of) => ({
      id: of.passkey,
      rawId: of.passkey,
      type: "public-key",
      response: { clientDataJSON: "e30", authenticatorData: "AA", signature: "AA", userHandle: "AA" },
    }),
    expected: [401],
  },
  "PUT /api/v1/me/workspace workspace_id": { json: (_, of) => ({ workspace_id: of.workspace }), expected: missing },
  "POST /api/v1/workspaces/{id}/transfer user_id": {
    path: (own) => `${v1}/workspaces/${own.workspace}/transfer`,
    json: (_, of) => ({ user_id: of.member }),
    expected: missing,
  },
  "PUT /api/v1/clones/{id}/price contributors.user_id": {
    path: (own) => `${v1}/clones/${own.clone}/price`,
    json: (_, of) => ({ payer: "visitor", per_message: 1, contributors: [{ user_id: of.member, basis_points: 1 }] }),
    expected: missing,
  },
  // Ids that whoever calls makes up, of forms that nothing else has.
  "POST /api/v1/clones/{id}/sessions id": {
    path: (own) => `${v1}/clones/${own.clone}/sessions`,
    json: (_, of) => ({ id: of.session }),
    expected: [422],
  },
  "POST /api/v1/sessions/{id}/extend id": {
    path: () => `${v1}/sessions/ses_01ARZ3NDEKTSV4RRFFQ69G5FAV/extend`,
    json: (_, of) => ({ id: of.session }),
    expected: [422],
  },
  "POST /api/v1/earnings/payouts id": { json: (_, of) => ({ id: of.session }), expected: [422] },
  // Only whoever runs the installation gives credits.
  "POST /api/v1/platform/credits id": {
    json: (own, of) => ({ id: of.workspace, workspace_id: own.workspace, micro_credits: 1 }),
    expected: [403],
  },
  "POST /api/v1/platform/credits workspace_id": {
    json: (_, of) => ({ id: "gift", workspace_id: of.workspace, micro_credits: 1 }),
    expected: [403],
  },
  // Names that a provider has for us, and for itself; nothing of ours is found by them.
  "POST /api/v1/workspaces/{id}/sso client_id": {
    path: (own) => `${v1}/workspaces/${own.workspace}/sso`,
    json: (_, of) => ({ kind: "oidc", name: "Mine", client_id: of.connection }),
    expected: [422],
  },
  "POST /api/v1/workspaces/{id}/sso entity_id": {
    path: (own) => `${v1}/workspaces/${own.workspace}/sso`,
    json: (_, of) => ({ kind: "saml", name: "Mine", entity_id: of.connection }),
    expected: [422],
  },
  "PATCH /api/v1/workspaces/{id}/sso/{connection_id} client_id": {
    path: (own) => `${v1}/workspaces/${own.workspace}/sso/${own.connection}`,
    json: (_, of) => ({ client_id: of.connection }),
    expected: [422],
  },
  "PATCH /api/v1/workspaces/{id}/sso/{connection_id} entity_id": {
    path: (own) => `${v1}/workspaces/${own.workspace}/sso/${own.connection}`,
    json: (_, of) => ({ entity_id: of.connection }),
    expected: [422],
  },
  "POST /api/v1/clones workspace_id": { json: (_, of) => ({ name: "Mine", workspace_id: of.home }), expected: missing },
  "GET /api/v1/documents/hints clone_id": { query: ofClone, expected: missing },
  "GET /api/v1/documents clone_id": { query: ofClone, expected: missing },
  "GET /api/v1/pipeline/config clone_id": { query: ofClone, expected: missing },
  "PUT /api/v1/pipeline/config clone_id": { query: ofClone, json: () => ({}), expected: missing },
  "POST /api/v1/documents/import clone_id": {
    json: (_, of) => ({ clone_id: of.clone, url: "https://example.com/" }),
    expected: missing,
  },
  "POST /api/v1/documents/search clone_id": {
    json: (_, of) => ({ clone_id: of.clone, query: canary }),
    expected: missing,
  },
  "POST /api/v1/documents/search filter.document_ids": {
    json: (own, of) => ({ clone_id: own.clone, query: canary, filter: { document_ids: [of.document] } }),
    expected: [200, 404],
  },
  "POST /api/v1/conversations/delete ids": { json: (_, of) => ({ ids: [of.conversation] }), expected: [200] },
  "POST /api/v1/conversations/archive ids": {
    json: (_, of) => ({ ids: [of.conversation], archived: true }),
    expected: [200],
  },
  "POST /api/v1/conversations workspace_id": { json: (_, of) => ({ workspace_id: of.home }), expected: missing },
  "POST /api/v1/conversations clone_id": { json: (_, of) => ({ clone_id: of.clone }), expected: missing },
  "POST /api/v1/conversations document_ids": {
    json: (own, of) => ({ clone_id: own.clone, document_ids: [of.document] }),
    expected: missing,
  },
  "GET /api/v1/conversations clone_id": { query: ofClone, expected: [200] },
  "PUT /api/v1/conversations/{id} head_message_id": {
    path: conversation(""),
    json: (_, of) => ({ head_message_id: of.answer }),
    expected: missing,
  },
  "POST /api/v1/conversations/{id}/fork message_id": {
    path: conversation("/fork"),
    json: (_, of) => ({ message_id: of.answer }),
    expected: missing,
  },
  "POST /api/v1/conversations/{id}/messages id": {
    path: conversation("/messages"),
    json: (_, of) => ({ id: of.question, content: "Hello", model }),
    expected: [409, 404],
  },
  "POST /api/v1/conversations/{id}/messages parent_id": {
    path: conversation("/messages"),
    json: (_, of) => ({ parent_id: of.answer, content: "Hello", model }),
    expected: missing,
  },
  "POST /api/v1/conversations/{id}/compare id": {
    path: conversation("/compare"),
    json: (_, of) => ({ id: of.question, content: "Hello", models: [model, "offline/extractive"] }),
    expected: [409, 404],
  },
  "POST /api/v1/conversations/{id}/compare parent_id": {
    path: conversation("/compare"),
    json: (_, of) => ({ parent_id: of.answer, content: "Hello", models: [model, "offline/extractive"] }),
    expected: missing,
  },
  "POST /api/v1/conversations/{id}/regenerate message_id": {
    path: conversation("/regenerate"),
    json: (_, of) => ({ message_id: of.answer, model }),
    expected: missing,
  },
  "POST /api/v1/conversations/{id}/continue message_id": {
    path: conversation("/continue"),
    json: (_, of) => ({ message_id: of.answer }),
    expected: missing,
  },
  "GET /api/v1/conversations/{id}/stream turn_id": {
    path: conversation("/stream"),
    query: () => "turn_id=turn_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    expected: [204],
  },
  "GET /api/v1/audit actor_id": { query: (of) => `actor_id=${of.member}`, expected: [200] },
  "GET /api/v1/audit resource_id": { query: (of) => `resource_id=${of.clone}`, expected: [200] },
  "GET /api/v1/audit/export actor_id": {
    query: (of) => `format=json&actor_id=${of.member}`,
    expected: [200],
  },
  "GET /api/v1/audit/export resource_id": {
    query: (of) => `format=json&resource_id=${of.clone}`,
    expected: [200],
  },
  "GET /api/v1/evaluation/questions clone_id": { query: ofClone, expected: missing },
  "POST /api/v1/evaluation/questions clone_id": {
    json: (_, of) => ({ clone_id: of.clone, questions: [{ question: "Who?" }] }),
    expected: missing,
  },
  "POST /api/v1/evaluation/runs clone_id": { json: (_, of) => ({ clone_id: of.clone }), expected: missing },
  "GET /api/v1/evaluation/runs clone_id": { query: ofClone, expected: missing },
  // Names that a client gives its tools' calls, and that others give their clients; nothing of ours is found by them.
  "POST /v1/chat/completions messages.tool_call_id": {
    json: (_, of) => ({ ...offline, messages: [said, { role: "tool", tool_call_id: of.answer, content: "Yes" }] }),
    expected: [400],
  },
  "POST /v1/chat/completions messages.tool_calls.id": {
    json: (_, of) => ({ ...offline, messages: [said, calling(of.answer), said] }),
    expected: [200, 400],
  },
  "POST /v1/responses input.call_id": {
    json: (_, of) => ({ ...offline, input: [{ type: "function_call_output", call_id: of.answer, output: "Yes" }] }),
    expected: [400],
  },
  "POST /v1/responses previous_response_id": {
    json: (_, of) => ({ ...offline, input: "Hi", previous_response_id: of.answer }),
    expected: [400],
  },
  "PUT /api/v1/provider-keys/{provider} access_client_id": {
    path: () => `${v1}/provider-keys/ollama`,
    json: (_, of) => ({ access_client_id: of.connection, access_client_secret: "secret-of-mine" }),
    expected: [422],
  },
};

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  allOf?: Schema[];
  oneOf?: Schema[];
}
interface Operation {
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  parameters?: { in: string; name: string }[];
}
interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const isId = (name: string) => /(^|_)ids?$/.test(name) || name === "clone";

/** The dotted paths of the fields of a schema, each with whether it is an id. */
function fieldsOf(api: OpenApi, schema: Schema | undefined, under = ""): string[] {
  if (!schema) return [];
  if (schema.$ref) return fieldsOf(api, api.components.schemas[schema.$ref.split("/").at(-1) ?? ""], under);
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const path = under ? `${under}.${name}` : name;
    return [path, ...fieldsOf(api, inner, path)];
  });
  const parts = [schema.items, ...(schema.anyOf ?? []), ...(schema.allOf ?? []), ...(schema.oneOf ?? [])];
  return [...own, ...parts.flatMap((part) => fieldsOf(api, part, under))];
}

const openApi = async () => (await call("GET", "/api/openapi.json")).json<OpenApi>();

/** Operations with the fields of their JSON bodies. */
async function operations() {
  const api = await openApi();
  return Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      fields: fieldsOf(api, operation.requestBody?.content?.["application/json"]?.schema),
      query: (operation.parameters ?? []).filter((each) => each.in === "query").map(({ name }) => name),
      takesJson: operation.requestBody?.content?.["application/json"] !== undefined,
    })),
  );
}

it("takes no foreign id in a body or a query, and knows every field that could hold one", async () => {
  const ids = (await operations()).flatMap(({ route, fields, query }) =>
    [...fields.filter((field) => isId(field.split(".").at(-1) ?? "")), ...query.filter(isId)].map(
      (field) => `${route} ${field}`,
    ),
  );
  expect([...new Set(ids)].sort()).toEqual(Object.keys(cases).sort());

  const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
  const foreign = { ...(await furnish(ada.token)), home: await workspaceOf(ada.token) };
  const own = await furnish(eve.token);
  const before = await rowsNaming(idsIn(foreign));
  const surprises: string[] = [];
  for (const [name, { path, json, query, expected }] of Object.entries(cases)) {
    const [method = "", plain = ""] = name.split(" ");
    const to = (path?.(own) ?? plain) + (query ? `?${query(foreign)}` : "");
    const body = json?.(own, foreign);
    const response = await call(method, to, { token: eve.token, ...(body ? { json: body } : {}) });
    const text = await response.text();
    if (!expected.includes(response.status)) surprises.push(`${name}: ${response.status} ${text.slice(0, 200)}`);
    if (name.startsWith("GET") && response.ok && text.includes(canary) && !query) surprises.push(`${name} shows it`);
    if (Object.values(foreign).some((id) => text.includes(id) && !JSON.stringify(body ?? "").includes(id))) {
      surprises.push(`${name} names what is Ada’s`);
    }
  }
  expect(surprises).toEqual([]);
  expect(await rowsNaming(idsIn(foreign))).toEqual(before);
});

/** What nobody sets for themselves, under the names that such fields have here and elsewhere. */
function greedy(victim: { userId: string; home: string }): Record<string, unknown> {
  const { userId, home } = victim;
  return {
    ...Object.fromEntries(["workspace_id", "workspaceId", "tenant", "tenant_id", "tenantId"].map((key) => [key, home])),
    ...Object.fromEntries(
      ["user_id", "userId", "owner", "owner_id", "ownerId", "created_by", "createdBy"].map((key) => [key, userId]),
    ),
    role: "owner",
    roles: ["owner"],
    platform_role: "super_admin",
    platformRole: "super_admin",
    is_super_admin: true,
    super_admin: true,
    isAdmin: true,
    email_verified: true,
    emailVerified: true,
    balance: 1_000_000,
    credits: 1_000_000,
    visibility: "public",
    suspended_at: null,
    suspendedAt: null,
    deleted_at: 1,
    deletedAt: 1,
    status: "indexed",
    id: "clone_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    __proto__: { role: "owner" },
    constructor: { prototype: { role: "owner" } },
  };
}

/** A valid body of one’s own for each route that makes or changes something of the kind that others would like to set more of. */
const honest: Record<string, (own: Belongings) => { path: string; json: object }> = {
  "POST /api/v1/auth/register": () => ({
    path: `${v1}/auth/register`,
    json: { email: "greedy@example.com", password: "correct horse battery", name: "Greedy" },
  }),
  "POST /api/v1/workspaces": () => ({ path: `${v1}/workspaces`, json: { name: "Mine" } }),
  "PATCH /api/v1/workspaces/{id}": (own) => ({ path: `${v1}/workspaces/${own.workspace}`, json: { name: "Mine" } }),
  "PUT /api/v1/workspaces/{id}/retention": (own) => ({
    path: `${v1}/workspaces/${own.workspace}/retention`,
    json: { member_days: 30 },
  }),
  "PATCH /api/v1/workspaces/{id}/members/{user_id}": (own) => ({
    path: `${v1}/workspaces/${own.workspace}/members/${own.member}`,
    json: { role: "viewer" },
  }),
  "POST /api/v1/workspaces/{id}/invitations": (own) => ({
    path: `${v1}/workspaces/${own.workspace}/invitations`,
    json: { email: "x@example.com", role: "viewer" },
  }),
  "POST /api/v1/workspaces/{id}/sso": (own) => ({
    path: `${v1}/workspaces/${own.workspace}/sso`,
    json: { kind: "saml", name: "Mine" },
  }),
  "PATCH /api/v1/workspaces/{id}/sso/{connection_id}": (own) => ({
    path: `${v1}/workspaces/${own.workspace}/sso/${own.connection}`,
    json: { name: "Mine" },
  }),
  "POST /api/v1/api-keys": () => ({ path: `${v1}/api-keys`, json: { name: "Mine" } }),
  "POST /api/v1/clones": () => ({ path: `${v1}/clones`, json: { name: "Mine" } }),
  "PATCH /api/v1/clones/{id}": (own) => ({ path: `${v1}/clones/${own.clone}`, json: { name: "Mine" } }),
  "PATCH /api/v1/documents/{id}": (own) => ({
    path: `${v1}/documents/${own.document}`,
    json: { filename: "mine.md" },
  }),
  "PUT /api/v1/pipeline/config": (own) => ({
    path: `${v1}/pipeline/config?clone_id=${own.clone}`,
    json: { retrieval: { top_k: 5 } },
  }),
  "POST /api/v1/conversations": () => ({ path: `${v1}/conversations`, json: { title: "Mine" } }),
  "PUT /api/v1/conversations/{id}": (own) => ({ path: conversation("")(own), json: { title: "Mine" } }),
  "POST /api/v1/conversations/{id}/messages": (own) => ({
    path: conversation("/messages")(own),
    json: { content: "Hello", model },
  }),
  "POST /api/v1/conversations/{id}/shares": (own) => ({ path: conversation("/shares")(own), json: { kind: "link" } }),
  "POST /api/v1/evaluation/questions": (own) => ({
    path: `${v1}/evaluation/questions`,
    json: { clone_id: own.clone, questions: [{ question: "Who?" }] },
  }),
  "POST /api/v1/evaluation/runs": (own) => ({ path: `${v1}/evaluation/runs`, json: { clone_id: own.clone } }),
};

it("stores nothing of what a body may not say: tenant, role, balance, visibility, owner", async () => {
  const described = await operations();
  const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
  const home = await workspaceOf(ada.token);
  const theirs = await furnish(ada.token);
  const own = await furnish(eve.token);
  const victim = [...idsIn(theirs), ada.userId, home];
  const before = await rowsNaming(victim);
  for (const [route, make] of Object.entries(honest)) {
    const fields = described.find((each) => each.route === route)?.fields;
    expect(fields, route).toBeDefined();
    // A field that the route really takes is tried above, with the ids; here are those that it does not.
    const extra = Object.entries(greedy({ userId: ada.userId, home })).filter(([name]) => !fields?.includes(name));
    const { path, json } = make(own);
    const [method = ""] = route.split(" ");
    const body = JSON.stringify({ ...Object.fromEntries(extra), ...json });
    const response = await call(method, path, {
      token: eve.token,
      body: body.replace(/^\{/, '{"__proto__":{"role":"owner"},'),
      headers: { "Content-Type": "application/json", Accept: "application/json" },
    });
    const text = await response.text();
    expect([200, 201, 202, 422], `${route}: ${response.status} ${text.slice(0, 300)}`).toContain(response.status);
  }
  expect(await rowsNaming(victim), "what is Ada’s").toEqual(before);
  const count = async (query: string) => (await env.DB.prepare(query).first<{ n: number }>())?.n;
  expect(await count("SELECT count(*) AS n FROM users WHERE platform_role IS NOT NULL")).toBe(0);
  expect(await count("SELECT count(*) AS n FROM clones WHERE visibility <> 'private' OR deleted_at IS NOT NULL")).toBe(
    0,
  );
  expect(await count("SELECT count(*) AS n FROM users WHERE email = 'greedy@example.com' AND email_verified")).toBe(0);
  const owners = await env.DB.prepare(
    "SELECT count(*) AS n FROM members WHERE role = 'owner' GROUP BY workspace_id",
  ).all<{
    n: number;
  }>();
  expect(owners.results.every(({ n }) => n === 1)).toBe(true);
});
