import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { RouterContextProvider } from "react-router";
import { describe, expect, it } from "vitest";
import { api as pageApi } from "../web/api.server.ts";
import { apiFetch } from "../web/api-context.ts";
import { api } from "./api.ts";
import { forgetHere } from "./platform/changes/remembered.ts";
import { call, jsonOf, signUp } from "./testing/client.ts";
import {
  authorizations,
  cookies,
  type HeaderFields,
  type Someone,
  type Who,
  type World,
  worldOf,
} from "./testing/credentials.ts";

const own = "http://localhost:8787";

interface Door {
  /** As whom it answers: a name, or null for a refusal. */
  answers: (headers: HeaderFields, world: World) => Promise<string | null>;
  serves: ("person" | "key" | "visitor")[];
  takesCookies?: false;
}

const ownerOf = ({ ada, bob }: World, matches: (each: Someone) => boolean) => [ada, bob].find(matches)?.name ?? null;
const served = ({ status }: Response) => status < 400;

/** The name of the one whose conversation is let in to. More than one fails. */
async function letIn({ ada, bob }: World, isOpen: (conversation: string) => Promise<boolean>): Promise<string | null> {
  const names: string[] = [];
  for (const { name, conversation, visited } of [ada, bob]) {
    if (await isOpen(conversation)) names.push(name);
    if (await isOpen(visited)) names.push(`${name}’s visitor`);
  }
  expect(names.length).toBeLessThan(2);
  return names[0] ?? null;
}

async function opensSocket(conversation: string, headers: HeaderFields): Promise<boolean> {
  const path = `/api/v1/conversations/${conversation}/socket`;
  const { status, webSocket } = await call("GET", path, { headers: { ...headers, Upgrade: "websocket" } });
  webSocket?.accept();
  webSocket?.close();
  return status === 101;
}

const doors: Record<string, Door> = {
  "an identified route": {
    serves: ["person"],
    answers: async (headers, world) => {
      const answer = await call("GET", "/api/v1/me", { headers });
      if (!served(answer)) return null;
      const { user } = await jsonOf<{ user: { id: string } }>(answer, 200);
      return ownerOf(world, ({ userId }) => userId === user.id);
    },
  },
  "a list that visitors have too": {
    serves: ["person", "key", "visitor"],
    answers: async (headers, world) => {
      const answer = await call("GET", "/api/v1/conversations", { headers });
      if (!served(answer)) return null;
      const { data } = await jsonOf<{ data: { id: string }[] }>(answer, 200);
      return letIn(world, async (conversation) => data.some(({ id }) => id === conversation));
    },
  },
  "an account’s own route": {
    serves: ["person"],
    answers: async (headers) => {
      const answer = await call("GET", "/api/v1/auth/sessions", { headers });
      if (!served(answer)) return null;
      const { data } = await jsonOf<{ data: { id: string }[] }>(answer, 200);
      return env.DB.prepare("SELECT name FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ?")
        .bind(data[0]?.id)
        .first<string>("name");
    },
  },
  "a second factor’s set-up": {
    serves: ["person"],
    answers: async (headers, world) => {
      const answer = await call("POST", "/api/v1/auth/2fa/setup", { headers, json: {} });
      const text = decodeURIComponent(await answer.text());
      return served(answer) ? ownerOf(world, ({ email }) => text.includes(email)) : null;
    },
  },
  "a change": {
    serves: ["person", "key"],
    answers: async (headers, world) => {
      const answer = await call("POST", "/api/v1/clones", { headers, json: { name: "New" } });
      if (!served(answer)) return null;
      const { id } = await jsonOf<{ id: string }>(answer, 201);
      const workspaceId = await env.DB.prepare("SELECT workspace_id FROM clones WHERE id = ?")
        .bind(id)
        .first("workspace_id");
      return ownerOf(world, ({ workspace }) => workspace === workspaceId);
    },
  },
  "OpenAI’s list of models": {
    serves: ["person", "key"],
    takesCookies: false,
    answers: async (headers, world) => {
      const answer = await call("GET", "/v1/models", { headers });
      const text = await answer.text();
      return served(answer) ? ownerOf(world, ({ slug }) => text.includes(`"clone:${slug}"`)) : null;
    },
  },
  "OpenAI’s completions": {
    serves: ["person", "key"],
    takesCookies: false,
    answers: async (headers, world) => {
      const names: string[] = [];
      for (const { name, slug } of [world.ada, world.bob]) {
        const json = { model: `clone:${slug}`, messages: [{ role: "user", content: "Hi" }] };
        const answer = await call("POST", "/v1/chat/completions", { headers, json });
        await answer.text();
        if (served(answer)) names.push(name);
      }
      expect(names.length).toBeLessThan(2);
      return names[0] ?? null;
    },
  },
  "a stream": {
    serves: ["person", "key", "visitor"],
    answers: (headers, world) =>
      letIn(world, async (conversation) => {
        const answer = await call("GET", `/api/v1/conversations/${conversation}/stream`, { headers });
        await answer.body?.cancel();
        return served(answer);
      }),
  },
  "a socket by a header": {
    serves: ["person", "key", "visitor"],
    answers: (headers, world) => letIn(world, (conversation) => opensSocket(conversation, headers)),
  },
  "a page’s call": {
    serves: ["person"],
    answers: async (headers, world) => {
      const context = new RouterContextProvider();
      context.set(apiFetch, async (inner) => api.fetch(inner, env, createExecutionContext()));
      const answer = await pageApi({ request: new Request(`${own}/clones`, { headers }), context }).api.v1.me.$get();
      if (!answer.ok) return null;
      const { user } = await answer.json();
      return ownerOf(world, ({ userId }) => userId === user.id);
    },
  },
};

/** As whom a door answers to a pair: by the bearer alone where there is one, by the cookie where there is none. */
function expected(door: Door, byCookie: Who, byBearer: Who | undefined): string | null {
  const who = byBearer === undefined ? (door.takesCookies === false ? null : byCookie) : byBearer;
  return who && door.serves.includes(who.kind) ? who.name : null;
}

describe("one credential counts, whatever comes beside it", () => {
  it.each(Object.entries(doors))("at %s", async (_, door) => {
    const world = await worldOf();
    for (const [cookieName, cookie, byCookie] of cookies(world)) {
      for (const [authorization, byBearer] of authorizations(world)) {
        const headers = {
          Origin: own,
          ...(cookie === null ? {} : { Cookie: cookie }),
          ...(authorization === null ? {} : { Authorization: authorization }),
        };
        const answered = await door.answers(headers, world);
        expect(answered, `${cookieName}, ${authorization}`).toBe(expected(door, byCookie, byBearer));
      }
    }
  });

  it("at a socket by a protocol, also from another site’s page", async () => {
    const world = await worldOf();
    const { bob, ada } = world;
    const offers: [string, string | null | undefined][] = [
      ["understudy", undefined],
      [`understudy, bearer.${bob.token}`, "Bob"],
      [`understudy, bearer.${bob.key}`, "Bob"],
      [`understudy, bearer.${bob.visitor}`, "Bob’s visitor"],
      ["understudy, bearer.junk", null],
      ["understudy, bearer.", null],
      [`understudy, bearer.junk, bearer.${bob.token}`, null],
    ];
    for (const origin of [own, "http://localhost:8788", "https://evil.example"]) {
      for (const [cookieName, cookie, byCookie] of cookies(world)) {
        for (const [offered, byBearer] of offers) {
          const headers = {
            Origin: origin,
            "Sec-WebSocket-Protocol": offered,
            ...(cookie === null ? {} : { Cookie: cookie }),
          };
          const ours = origin === own ? (byCookie?.name ?? null) : null;
          const answered = await letIn(world, (conversation) => opensSocket(conversation, headers));
          expect(answered, `${origin}, ${cookieName}, ${offered}`).toBe(byBearer === undefined ? ours : byBearer);
        }
      }
    }
    // Two bearers that differ name nobody.
    const both = { Authorization: `Bearer ${ada.token}`, "Sec-WebSocket-Protocol": `understudy, bearer.${bob.token}` };
    expect(await letIn(world, (conversation) => opensSocket(conversation, both))).toBeNull();
  });

  it("at signing out: nobody’s session ends but that of the one who asks", async () => {
    const world = await worldOf();
    const { ada, bob } = world;
    const lives = async (cookie: string) => {
      forgetHere([`user:${ada.userId}`]);
      return (await call("GET", "/api/v1/me", { headers: { Cookie: cookie } })).status === 200;
    };
    const again = async ({ email, password }: Someone) => {
      const answer = await call("POST", "/api/v1/auth/login", { json: { email, password } });
      return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    };
    for (const [authorization, byBearer] of authorizations(world)) {
      const cookie = await again(ada);
      const headers = {
        Origin: own,
        Cookie: cookie,
        ...(authorization === null ? {} : { Authorization: authorization }),
      };
      const answer = await call("POST", "/api/v1/auth/logout", { headers });
      expect(await lives(cookie), String(authorization)).toBe(byBearer !== undefined);
      expect(answer.headers.getSetCookie().length > 0, String(authorization)).toBe(byBearer === undefined);
      const left = await env.DB.prepare("SELECT 1 FROM sessions WHERE user_id = ?").bind(bob.userId).all();
      if (authorization === `Bearer ${bob.token}`) expect(left.results.length).toBe(1);
    }
  });

  it("at getting the next tokens: they are those of the refresh token’s person", async () => {
    const { ada, bob } = await worldOf();
    const { email, password, userId } = await signUp("Cleo");
    const { refresh_token } = await jsonOf<{ refresh_token: string }>(
      await call("POST", "/api/v1/auth/login", { json: { email, password } }),
      200,
    );
    const headers = { Origin: own, Cookie: ada.cookie, Authorization: `Bearer ${bob.token}` };
    const answer = await call("POST", "/api/v1/auth/refresh", { headers, json: { refresh_token } });
    expect((await jsonOf<{ user: { id: string } }>(answer, 200)).user.id).toBe(userId);
  });
});

describe("what is remembered of a credential", () => {
  it("is remembered for itself alone: what came beside it opens nothing afterwards", async () => {
    const { ada, bob } = await worldOf();
    const status = async (headers: HeaderFields, path = "/api/v1/me") => (await call("GET", path, { headers })).status;
    for (const authorization of ["Bearer junk", "Bearer", "Basic Ym9iOmJvYg==", "x"]) {
      for (const path of ["/api/v1/me", "/api/v1/auth/sessions", "/v1/models"]) {
        const beside = await status({ Authorization: authorization, Cookie: ada.cookie }, path);
        const isNone = !authorization.startsWith("Bearer") && !path.startsWith("/v1");
        expect(beside, `${authorization} ${path}`).toBe(isNone ? 200 : 401);
        expect(await status({ Authorization: authorization }, path), `${authorization} ${path}`).toBe(401);
      }
    }
    const through = (cookie: string) =>
      call("GET", "/api/v1/me", { headers: { Authorization: "Basic eDp5", Cookie: cookie } });
    for (const each of [ada, bob, ada]) {
      const { user } = await jsonOf<{ user: { id: string } }>(await through(each.cookie), 200);
      expect(user.id).toBe(each.userId);
    }
  });
});

describe("another site’s page", () => {
  const evil = { Origin: "https://evil.example", "Content-Type": "text/plain" };

  it("is not let in by an Authorization that says nothing", async () => {
    const { ada, bob } = await worldOf();
    for (const authorization of ["x", "Basic eDp5", "Bearer junk", "Bearer"]) {
      for (const path of ["/auth/login", "/auth/register", "/auth/refresh", "/auth/logout", "/visitors", "/clones"]) {
        for (const cookie of [{}, { Cookie: ada.cookie }] as HeaderFields[]) {
          const headers = { ...evil, ...cookie, Authorization: authorization };
          const answer = await call("POST", `/api/v1${path}`, { body: "{}", headers });
          expect(answer.status, `${authorization} ${path}`).toBe(403);
        }
      }
    }
    // A program may send whatever Origin it likes, with a bearer that is valid.
    const valid = { Origin: "https://elsewhere.example", Authorization: `Bearer ${bob.token}` };
    expect((await call("POST", "/api/v1/clones", { json: { name: "Mine" }, headers: valid })).status).toBe(201);
  });
});
