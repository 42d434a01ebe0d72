import { createExecutionContext, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { auditOf } from "../../audit/testing/audit.ts";
import worker from "../../index.ts";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { parseConfig } from "../config/config.ts";
import { newId } from "../ids.ts";
import { createRuntime } from "../runtime.ts";
import { countSubject } from "./count-subject.ts";
import { type Counted, countRequest } from "./rate-limit-window.ts";
import { addressSubject, defaultLimits, parseLimits, type RateLimit } from "./rate-limits.ts";

/** The Worker with limits, as the network would call it. */
async function limited(
  method: string,
  path: string,
  { token, json, headers = {}, vars = {} }: { token?: string; json?: unknown; headers?: object; vars?: object } = {},
): Promise<Response> {
  const request = new Request(`http://localhost:8787${path}`, {
    method,
    headers: {
      ...headers,
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(json === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  const bindings = { ...env, RATE_LIMITS: "on", ...vars } as Env;
  return worker.fetch(request as Parameters<typeof worker.fetch>[0], bindings, createExecutionContext());
}

const runtime = createRuntime(env);
afterEach(() => {
  vi.useRealTimers();
});

let guesses = 0;
/** A guess at an account that nobody guessed at before: those of one account are counted apart. */
const signIn = (headers: object = {}, vars: object = {}) => {
  guesses += 1;
  const json = { email: `nobody-${guesses}@example.com`, password: "guess" };
  return limited("POST", "/api/v1/auth/login", { json, headers, vars });
};
const production = { ENVIRONMENT: "production", FETCH_EXEMPT_ORIGINS: "", SCRYPT_COST: "16384" };

describe("the window", () => {
  const limit = { limit: 5, seconds: 60 };
  /** Counts at the seconds given; tells which were let in. */
  function at(...seconds: number[]): boolean[] {
    let counted: Counted | undefined;
    return seconds.map((second) => {
      const result = countRequest(counted, limit, second * 1_000);
      counted = result.counted;
      return result.verdict.allowed;
    });
  }

  it("lets in so many and no more, also around its boundary", () => {
    expect(at(0, 1, 2, 3, 4, 5, 59)).toEqual([true, true, true, true, true, false, false]);
    expect(at(59, 59, 59, 59, 59, 60, 61)).toEqual([true, true, true, true, true, false, false]);
    expect(at(59, 59, 59, 59, 59, 84.1)).toEqual([true, true, true, true, true, true]);
    expect(at(0, 1, 2, 3, 4, 120)).toEqual([true, true, true, true, true, true]);
  });

  it("says when there is room again, and there is", () => {
    for (const first of [0, 7, 31, 59, 59.9]) {
      let counted: Counted | undefined;
      for (let i = 0; i < 5; i++) counted = countRequest(counted, limit, first * 1_000).counted;
      for (const later of [0, 0.5, 10, 40, 70]) {
        const now = (first + later) * 1_000;
        const { verdict } = countRequest(counted, limit, now);
        if (verdict.allowed) continue;
        expect(
          countRequest(counted, limit, now + verdict.resetSeconds * 1_000).verdict.allowed,
          `${first} ${later}`,
        ).toBe(true);
        expect(countRequest(counted, limit, now + (verdict.resetSeconds - 1.1) * 1_000).verdict.allowed).toBe(false);
      }
    }
  });

  it("never lets in more than its limit in any length of it that begins at a boundary, of ten thousand bursts", () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    let counted: Counted | undefined;
    const letIn = new Map<number, number>();
    for (let now = 0, i = 0; i < 10_000; i++) {
      now += random() < 0.9 ? random() * 2_000 : random() * 100_000;
      const result = countRequest(counted, limit, now);
      counted = result.counted;
      const window = Math.floor(now / 60_000);
      if (result.verdict.allowed) letIn.set(window, (letIn.get(window) ?? 0) + 1);
    }
    expect(Math.max(...letIn.values())).toBe(5);
  });
});

describe("what a request is counted as", () => {
  it("is decided by the operation that it matched, and by whether the app’s own pages sent it", async () => {
    const person = await signUp();
    const { email, password, token } = person;
    const signedIn = await call("POST", "/api/v1/auth/login", { json: { email, password } });
    const own = { Cookie: signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "", Origin: "http://localhost:8787" };
    const vars = { RATE_LIMITS: "auth=1000/minute" };
    const kind = async (method: string, path: string, headers = {}) => {
      const answer = await limited(method, path, { headers, vars });
      await answer.body?.cancel();
      return answer.headers.get("RateLimit-Policy")?.match(/^"(\w+)"/)?.[1];
    };
    expect(await kind("POST", "/api/v1/auth/login")).toBe("auth");
    expect(await kind("GET", "/api/v1/auth/oauth/google?return_to=%2F")).toBe("auth");
    expect(await kind("GET", "/api/v1/auth/oauth/google/callback?code=x")).toBe("api");
    expect(await kind("POST", "/api/v1/auth/sso")).toBe("auth");
    expect(await kind("GET", "/api/v1/auth/sso/sso_x?return_to=%2F")).toBe("auth");
    // What answers a sign-in that was begun was counted there; an office shares one address.
    for (const end of ["callback", "finish"]) expect(await kind("GET", `/api/v1/auth/sso/sso_x/${end}`)).toBe("api");
    expect(await kind("POST", "/api/v1/auth/sso/sso_x/acs")).toBe("api");
    expect(await kind("POST", "/api/v1/auth/2fa/verify")).toBe("auth");
    expect(await kind("PUT", "/api/v1/auth/password/change")).toBe("auth");
    expect(await kind("POST", "/api/v1/auth/passkeys/sign-in")).toBe("auth");
    expect(await kind("POST", "/api/v1/auth/passkeys/sign-in/options")).toBe("passkey");
    expect(await kind("POST", "/api/v1/auth/logout")).toBe("api");
    expect(await kind("POST", "/api/v1/visitors")).toBe("visitor");
    for (const verb of ["messages", "regenerate", "continue", "compare"])
      expect(await kind("POST", `/api/v1/conversations/conv_1/${verb}`)).toBe("chat");
    expect(await kind("GET", "/api/v1/conversations/conv_1/messages")).toBe("api");
    expect(await kind("POST", "/v1/chat/completions")).toBe("chat");
    expect(await kind("POST", "/api/v1/documents/upload")).toBe("upload");
    expect(await kind("POST", "/api/v1/documents/import")).toBe("upload");
    expect(await kind("PUT", "/api/v1/documents/doc_1/content")).toBe("upload");
    expect(await kind("POST", "/api/v1/documents/upload", own)).toBe("app_upload");
    expect(await kind("GET", "/api/v1/clones", own)).toBe("app");
    // Only what was found to be theirs is: the page's words and a proxy's are no credentials.
    expect(await kind("GET", "/api/v1/clones", { Cookie: "a=b" })).toBe("api");
    expect(await kind("GET", "/api/v1/clones", { ...own, Authorization: "Basic eDp5" })).toBe("app");
    expect(await kind("GET", "/api/v1/clones", { ...own, Authorization: `Bearer ${token}` })).toBe("api");
    for (const nothing of [
      "/api/v1/auth/login/",
      "/api/v1/nothing",
      "/api/nothing",
      "/v1/nothing",
      "/mcp",
      "/health/x",
    ])
      expect(await kind("POST", nothing), nothing).toBe("unmatched");
  });

  it("is data: the defaults, changed by RATE_LIMITS, off only outside production", () => {
    expect(defaultLimits).toMatchObject({
      auth: { limit: 5, seconds: 60 },
      chat: { limit: 60, seconds: 60 },
      upload: { limit: 10, seconds: 3_600 },
      api: { limit: 1_000, seconds: 3_600 },
    });
    expect(parseLimits("upload=200/hour, chat = 7/minute")).toEqual({
      ...defaultLimits,
      upload: { limit: 200, seconds: 3_600 },
      chat: { limit: 7, seconds: 60 },
    });
    for (const wrong of [
      "none",
      "upload",
      "upload=0/hour",
      "upload=1/week",
      "uploads=1/hour",
      "chat=-1/hour",
      "constructor=1/hour",
    ])
      expect(parseLimits(wrong), wrong).toBeNull();
    expect(() => parseConfig({ ...env, ...production, RATE_LIMITS: "off" })).toThrow(/RATE_LIMITS cannot be off/);
    expect(() => parseConfig({ ...env, RATE_LIMITS: "sometimes" })).toThrow(/RATE_LIMITS must be/);
  });
});

describe("an address", () => {
  const subject = (address: string, behind = true) =>
    addressSubject(new Headers({ "CF-Connecting-IP": address }), behind);

  it("is one of IPv4, or a /64 of IPv6, and only what Cloudflare says it is", () => {
    expect(subject("203.0.113.7")).toBe("address:203.0.113.7");
    expect(subject("::ffff:203.0.113.7")).toBe("address:203.0.113.7");
    expect(subject("2001:db8:1:2:3:4:5:6")).toBe("address:2001:db8:1:2::/64");
    expect(subject("2001:db8:1:2::1")).toBe("address:2001:db8:1:2::/64");
    expect(subject("2001:db8:1:3::1")).not.toBe(subject("2001:db8:1:2::1"));
    expect(subject("203.0.113.7", false)).toBe("address:unknown");
    for (const wrong of ["", "localhost", "203.0.113.7, 10.0.0.1", "<script>"])
      expect(subject(wrong)).toBe("address:unknown");
  });

  it("may try five passwords a minute, whatever other headers say, and from all of its /64", async () => {
    const tries = [];
    for (let i = 0; i < 12; i++) {
      const forged = `198.51.100.${i}`;
      const headers = {
        "CF-Connecting-IP": `2001:db8:1:2::${(i * 5077).toString(16)}`,
        "X-Forwarded-For": forged,
        "X-Real-IP": forged,
        "True-Client-IP": forged,
        "CF-Connecting-IPv6": `2001:db8::${i}`,
        Forwarded: `for=${forged}`,
      };
      tries.push((await signIn(headers, production)).status);
    }
    expect(tries).toEqual([401, 401, 401, 401, 401, ...Array(7).fill(429)]);
    expect((await signIn({ "CF-Connecting-IP": "2001:db8:1:3::1" }, production)).status).toBe(401);
    expect((await signIn({ "CF-Connecting-IP": "203.0.113.7" }, production)).status).toBe(401);
  });

  it("may open the form often, which begins a sign-in each time, and then sign in; not without end, with any cookie", async () => {
    const begin = (headers = {}) =>
      limited("POST", "/api/v1/auth/passkeys/sign-in/options", { headers, vars: { RATE_LIMITS: "passkey=8/minute" } });
    const own = { Cookie: "a=b", Origin: "http://localhost:8787" };
    const begun = [];
    for (let i = 0; i < 10; i++) begun.push((await begin(i % 2 ? own : {})).status);
    expect(begun).toEqual([...Array(8).fill(200), 429, 429]);
    expect((await signIn()).status).toBe(401);
  });

  it("is not known on a laptop, where anybody may write the header: all share one count", async () => {
    const tries = [];
    for (let i = 0; i < 7; i++) tries.push((await signIn({ "CF-Connecting-IP": `203.0.113.${i}` })).status);
    expect(tries).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });

  it("is counted exactly when fifty come at once", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => signIn()));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(45);
  });
});

describe("a refusal", () => {
  it("says how long to wait, as a sentence and in headers", async () => {
    const first = await signIn();
    expect(first.headers.get("RateLimit-Policy")).toBe('"auth";q=5;w=60');
    expect(first.headers.get("RateLimit")).toMatch(/^"auth";r=4;t=\d+$/);
    for (let i = 0; i < 4; i++) await signIn();
    const refused = await signIn();
    expect(refused.headers.get("Content-Type")).toBe("application/problem+json");
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(refused.headers.get("RateLimit")).toMatch(/^"auth";r=0;t=\d+$/);
    expect(refused.headers.get("X-Request-Id")).toMatch(/^req_/);
    expect(await jsonOf(refused, 429)).toMatchObject({
      code: "rate_limited",
      detail: expect.stringMatching(
        /^That is more than 5 requests of this kind per minute\. Try again in \d+ seconds\.$/,
      ),
    });
  });

  it("does not come where limits are off, and leaves the health checks alone", async () => {
    const off = await signIn({}, { RATE_LIMITS: "off" });
    expect(off.headers.has("RateLimit")).toBe(false);
    const vars = { RATE_LIMITS: "api=1/hour" };
    for (let i = 0; i < 3; i++) expect((await limited("GET", "/health", { vars })).status).toBe(200);
  });
});

describe("who is counted", () => {
  it("is the account, each key, and each visitor for themselves", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const clone = await makeClone(ada.token, { visibility: "public" });
    const { key } = await jsonOf<{ key: string }>(
      await call("POST", "/api/v1/api-keys", { token: ada.token, json: { name: "k" } }),
      201,
    );
    const vars = { RATE_LIMITS: "api=2/hour, visitor=3/hour" };
    const read = async (token: string) => (await limited("GET", "/api/v1/clones", { token, vars })).status;
    expect([await read(ada.token), await read(ada.token), await read(ada.token)]).toEqual([200, 200, 429]);
    expect([await read(key), await read(key), await read(key)]).toEqual([200, 200, 429]);
    expect(await read(eve.token)).toBe(200);
    // Another session of the same person is the same account.
    const { email, password } = ada;
    const again = await jsonOf<{ access_token: string }>(
      await call("POST", "/api/v1/auth/login", { json: { email, password } }),
      200,
    );
    expect(await read(again.access_token)).toBe(429);
    const become = () => limited("POST", "/api/v1/visitors", { json: { clone: clone.slug }, vars });
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await become()).status);
    expect(statuses).toEqual([201, 201, 201, 429]);
  });

  it("is a visitor’s address beside them: many visitors of one address ask no more than one", async () => {
    const { token } = await signUp();
    const clone = await makeClone(token, { visibility: "public" });
    const vars = { RATE_LIMITS: "chat=3/hour" };
    const statuses = [];
    for (let i = 0; i < 5; i++) {
      const { visitor_token } = await jsonOf<{ visitor_token: string }>(
        await call("POST", "/api/v1/visitors", { json: { clone: clone.slug } }),
        201,
      );
      const { id } = await jsonOf<{ id: string }>(
        await call("POST", "/api/v1/conversations", { token: visitor_token, json: { clone_id: clone.id } }),
        201,
      );
      const path = `/api/v1/conversations/${id}/messages`;
      const asked = await limited("POST", path, {
        token: visitor_token,
        json: { content: "Hi" },
        headers: { Accept: "application/json" },
        vars,
      });
      statuses.push(asked.status);
      await asked.text();
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });
});

describe("what is far from its limit", () => {
  /** What the object of a subject has counted: one request more is counted by asking. */
  const countedOf = async (subject: string, kind: string, limit: RateLimit) =>
    limit.limit -
    1 -
    (await env.RATE_LIMIT.get(env.RATE_LIMIT.idFromName(subject)).count(kind, limit, Date.now())).remaining;
  const limit = { limit: 40, seconds: 3_600 };
  const request = () => ({ subject: `account:${newId("user")}`, kind: "api", limit }) as const;

  it("does not wait to be counted, is told what is left less itself, and is counted once", async () => {
    const { token, userId } = await signUp();
    const held = Promise.withResolvers<void>();
    const counts: Promise<unknown>[] = [];
    const count = async (id: DurableObjectId, given: [string, RateLimit, number]) => {
      if (counts.length > 0) await held.promise;
      return env.RATE_LIMIT.get(id).count(...given);
    };
    const RATE_LIMIT = {
      idFromName: (name: string) => env.RATE_LIMIT.idFromName(name),
      get: (id: DurableObjectId) => ({
        count(...given: [string, RateLimit, number]) {
          const counting = count(id, given);
          counts.push(counting);
          return counting;
        },
      }),
    };
    const read = async () => {
      const vars = { RATE_LIMITS: "api=40/hour", RATE_LIMIT };
      const answer = await limited("GET", "/api/v1/clones", { token, vars });
      return [answer.status, answer.headers.get("RateLimit")?.replace(/;t=\d+$/, "")];
    };
    // The first is the only one that waits.
    for (const left of [39, 38, 37, 36]) expect(await read()).toEqual([200, `"api";r=${left}`]);
    held.resolve();
    await Promise.all(counts);
    expect(await countedOf(`account:${userId}`, "api", limit)).toBe(4);
  });

  it("gets no more than its limit from one process, however many come at once, and waits near it", async () => {
    const of = request();
    const letIn = async (times: number) =>
      (await Promise.all(Array.from({ length: times }, () => countSubject(runtime, of)))).filter(
        ({ allowed }) => allowed,
      );
    // One alone is told first.
    const seen = [await letIn(1), await letIn(25), await letIn(100), await letIn(5)];
    expect(seen.map(({ length }) => length)).toEqual([1, 25, 14, 0]);
    expect(await countedOf(of.subject, of.kind, limit)).toBe(39);
  });

  it("is asked about again when what was said is old, or of a window that is over", async () => {
    const of = request();
    const object = env.RATE_LIMIT.get(env.RATE_LIMIT.idFromName(of.subject));
    await countSubject(runtime, of);
    for (let i = 0; i < 39; i++) await object.count(of.kind, limit, Date.now());
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 30_001 });
    expect(await countSubject(runtime, of)).toMatchObject({ allowed: false, isFirstRefusal: true });
  });

  it("and was used up elsewhere meanwhile lets in no more than what was left, and tells of the first refusal", async () => {
    const of = request();
    const object = env.RATE_LIMIT.get(env.RATE_LIMIT.idFromName(of.subject));
    await countSubject(runtime, of);
    for (let i = 0; i < 39; i++) await object.count(of.kind, limit, Date.now());
    const many = await Promise.all(Array.from({ length: 100 }, () => countSubject(runtime, of)));
    // Four fifths of the limit, less the one before: that is the bound for each further process.
    expect(many.filter(({ allowed }) => allowed)).toHaveLength(31);
    expect(many.filter(({ isFirstRefusal }) => isFirstRefusal)).toHaveLength(1);
    expect(await countSubject(runtime, of)).toMatchObject({ allowed: false });
  });
});

describe("the audit log", () => {
  it("is told once of a limit that is reached, however often it is knocked at", async () => {
    const { token } = await signUp();
    const vars = { RATE_LIMITS: "api=3/hour" };
    for (let i = 0; i < 10; i++) await limited("GET", "/api/v1/clones", { token, vars });
    const events = await auditOf(token);
    expect(events.map(({ action, details }) => [action, details])).toEqual([
      ["account.created", {}],
      ["limit.reached", { kind: "api" }],
    ]);
  });
});

describe("the object that counts", () => {
  it("forgets at most a tenth with an eviction, and everything when it counts no more", async () => {
    const stub = env.RATE_LIMIT.get(env.RATE_LIMIT.idFromName("test"));
    const limit = { limit: 100, seconds: 60 };
    const now = Date.now();
    for (let i = 0; i < 95; i++) await stub.count("chat", limit, now);
    await expect(runInDurableObject(stub, (_, state) => state.abort("crash"))).rejects.toThrow();
    const fresh = env.RATE_LIMIT.get(env.RATE_LIMIT.idFromName("test"));
    expect((await fresh.count("chat", limit, now)).remaining).toBe(9);
    expect(await runDurableObjectAlarm(fresh)).toBe(true);
    expect((await fresh.count("chat", limit, now)).remaining).toBe(8);
    // Long ago for the object: what it counted then counts no more.
    const old = env.RATE_LIMIT.get(env.RATE_LIMIT.idFromName("old"));
    for (let i = 0; i < 10; i++) await old.count("chat", limit, now - 10 * 60_000);
    await runDurableObjectAlarm(old);
    await runInDurableObject(old, (_, state) => expect([...state.storage.kv.list()]).toEqual([]));
  });
});
