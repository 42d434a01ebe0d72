import { env, exports } from "cloudflare:workers";
import type { Role } from "../workspaces/roles.ts";

const origin = "http://localhost:8787";

interface CallOptions {
  token?: string | undefined;
  json?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
}

/** Calls the Worker as the network would, through its own `fetch` handler. */
export function call(
  method: string,
  path: string,
  { token, json, body, headers = {} }: CallOptions = {},
): Promise<Response> {
  const all = new Headers(headers);
  if (token) all.set("Authorization", `Bearer ${token}`);
  if (json !== undefined) all.set("Content-Type", "application/json");
  const payload = json === undefined ? body : JSON.stringify(json);
  return exports.default.fetch(
    new Request(origin + path, { method, headers: all, ...(payload === undefined ? {} : { body: payload }) }),
  );
}

/** The JSON of a response that must have `status`; a failure shows the whole body. */
export async function jsonOf<T = Record<string, unknown>>(response: Response, status: number): Promise<T> {
  const text = await response.text();
  if (response.status !== status) throw new Error(`expected ${status}, got ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}

let people = 0;

/** A new person with their own workspace: an access token and ids. */
export async function signUp(name = "Ada") {
  people += 1;
  const email = `${name.toLowerCase()}-${people}@example.com`;
  const password = "correct horse battery staple";
  const body = await jsonOf<{ access_token: string; user: { id: string } }>(
    await call("POST", "/api/v1/auth/register", { json: { email, password, name } }),
    201,
  );
  return { token: body.access_token, userId: body.user.id, email, password };
}

/** A clone of the person behind `token`. */
export async function makeClone(token: string, fields: Record<string, unknown> = {}) {
  return jsonOf<{ id: string; slug: string }>(
    await call("POST", "/api/v1/clones", { token, json: { name: "Mentor", ...fields } }),
    201,
  );
}

/** The id of a person's own workspace. */
export async function workspaceOf(token: string): Promise<string> {
  const { workspace_id } = await jsonOf<{ workspace_id: string }>(await call("GET", "/api/v1/me", { token }), 200);
  return workspace_id;
}

/** A new person with a role in a workspace. */
export async function addMember({ workspaceId }: { workspaceId: string }, role: Role) {
  const person = await signUp(role);
  await env.DB.prepare("INSERT INTO members (workspace_id, user_id, role, created_at) VALUES (?, ?, ?, 1)")
    .bind(workspaceId, person.userId, role)
    .run();
  return { ...person, workspaceId };
}
