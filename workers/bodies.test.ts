import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { api } from "./api.ts";
import worker from "./index.ts";
import { call, jsonOf, makeClone, signUp } from "./testing/client.ts";

const origin = "http://localhost:8787";
const piece = 50_000;

/** A body of `bytes` in pieces, or without end, that counts what is taken of it. */
function counted(start: string, bytes = Number.POSITIVE_INFINITY) {
  const taken = { bytes: 0, toTheEnd: false };
  const filler = new TextEncoder().encode("a".repeat(piece));
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (taken.bytes >= bytes) {
          taken.toTheEnd = true;
          return controller.close();
        }
        const next = taken.bytes === 0 ? new TextEncoder().encode(start.padEnd(piece, "a")) : filler;
        taken.bytes += next.length;
        controller.enqueue(next);
      },
    },
    { highWaterMark: 0 },
  );
  return { taken, stream };
}

const mutations = [
  ...new Map(
    api.routes
      .filter(({ method }) => !["ALL", "GET", "HEAD", "OPTIONS"].includes(method))
      .map((route) => [`${route.method} ${route.path}`, route]),
  ).entries(),
];

/** What is read of a body by an operation that says so itself; by all others, 1 MB. */
const declared: Record<string, number> = {
  "POST /api/v1/conversations/import": 20_000_000,
  "POST /api/v1/evaluation/questions": 5_000_000,
  "POST /v1/chat/completions": 12_000_000,
  "POST /v1/embeddings": 5_000_000,
  "POST /v1/responses": 12_000_000,
  "PUT /api/v1/pipeline/config": 64_000,
  "POST /api/v1/auth/sso/:connection/acs": 300_000,
};

const types = {
  "application/json": '{"a":"',
  "application/merge-patch+json; charset=utf-8": '{"a":"',
  "application/yaml": "a: ",
  "text/plain": "a",
  "application/x-www-form-urlencoded": "a=",
};

describe("a body without end", () => {
  it.each(Object.entries(types))("of %s is read no further than each operation says", async (type, start) => {
    const { token } = await signUp();
    const clone = await makeClone(token);
    const unbounded: string[] = [];
    for (const [name, { method, path }] of mutations) {
      const { taken, stream } = counted(start);
      const url = `${origin}${path.replace(/:\w+(\{[^}]*\})?/g, "x")}?clone_id=${clone.id}`;
      const headers = { "Content-Type": type, Authorization: `Bearer ${token}` };
      const request = new Request(url, { method, headers, body: stream });
      const response = await api.fetch(request, env, createExecutionContext());
      const most = (declared[name] ?? 1_000_000) + 2 * piece;
      const text = await response.text();
      if (taken.bytes > most || text.length > 10_000) unbounded.push(`${name}: ${taken.bytes}, ${text.length}`);
      if (taken.bytes > 2 * piece && response.status !== 413) unbounded.push(`${name}: ${response.status}`);
    }
    expect(unbounded).toEqual([]);
  });

  it("is refused by what it says of itself, before any of it is read", async () => {
    const { taken, stream } = counted("{");
    const headers = { "Content-Type": "application/json", "Content-Length": "1000001" };
    const request = new Request(`${origin}/api/v1/auth/refresh`, { method: "POST", headers, body: stream });
    const problem = await jsonOf(await api.fetch(request, env, createExecutionContext()), 413);
    expect(problem.code).toBe("payload_too_large");
    expect(problem.detail).toContain("1 MB");
    expect(taken.bytes).toBe(0);
  });

  it("is told to have been cut off where it was", async () => {
    const stream = new ReadableStream({
      pull: (controller) => controller.error(new Error("Network connection lost.")),
    });
    const headers = { "Content-Type": "application/json" };
    const request = new Request(`${origin}/api/v1/auth/refresh`, { method: "POST", headers, body: stream });
    const problem = await jsonOf(await api.fetch(request, env, createExecutionContext()), 400);
    expect(problem.detail).toContain("cut off");
  });

  it("is not believed to be as short as it says", async () => {
    const { taken, stream } = counted('{"refresh_token":"');
    const headers = { "Content-Type": "application/json", "Content-Length": "20" };
    const request = new Request(`${origin}/api/v1/auth/refresh`, { method: "POST", headers, body: stream });
    expect((await api.fetch(request, env, createExecutionContext())).status).toBe(413);
    expect(taken.bytes).toBeLessThanOrEqual(1_000_000 + 2 * piece);
  });
});

describe("a body that is refused", () => {
  it.each([
    ["before anybody is known", "/api/v1/conversations", "localhost:8787", 401],
    ["as too large", "/api/v1/auth/refresh", "localhost:8787", 413],
    ["as a form of a page", "/sign-in", "localhost:8787", 413],
    ["for its origin", "/api/v1/auth/login", "localhost:8787", 403],
    ["for its host", "/api/v1/auth/login", "evil.example", 421],
    ["by OpenAI’s wire", "/v1/chat/completions", "localhost:8787", 401],
  ])("%s is taken to its end, so that the connection stays whole", async (_, path, host, status) => {
    const { taken, stream } = counted("{", 5_000_000);
    const headers = {
      "Content-Type": path === "/sign-in" ? "application/x-www-form-urlencoded" : "application/json",
      ...(status === 403 ? { Origin: "https://evil.example" } : {}),
    };
    const request = new Request(`http://${host}${path}`, { method: "POST", headers, body: stream });
    const response = await worker.fetch(request as never, env, createExecutionContext());
    expect(response.status).toBe(status);
    expect(taken.toTheEnd).toBe(true);
    await response.body?.cancel();
  });

  it("and never ends is given up", async () => {
    const { taken, stream } = counted("{");
    const request = new Request(`${origin}/api/v1/conversations`, { method: "POST", body: stream });
    const response = await worker.fetch(request as never, env, createExecutionContext());
    expect(response.status).toBe(401);
    expect(taken.bytes).toBeLessThanOrEqual(256 * 1024 * 1024 + 2 * piece);
    await response.body?.cancel();
  });

  it("and sends nothing more is answered nevertheless", async () => {
    const stream = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) });
    const request = new Request(`${origin}/api/v1/conversations`, { method: "POST", body: stream });
    const response = await worker.fetch(request as never, env, createExecutionContext());
    expect(response.status).toBe(401);
    await response.body?.cancel();
  });
});

describe("JSON", () => {
  const login = (body: string) =>
    call("POST", "/api/v1/auth/login", { body, headers: { "Content-Type": "application/json" } });

  it.each([
    ["lists", "[".repeat(100_000)],
    ["objects", '{"a":'.repeat(65)],
    ["lists of objects, well-formed", `${'[{"a":'.repeat(40)}1${"}]".repeat(40)}`],
  ])("that is nested too deeply is not parsed: %s", async (_, body) => {
    const problem = await jsonOf(await login(body), 400);
    expect(problem.detail).toBe("The JSON is nested more than 64 levels deep.");
  });

  it.each([
    ["elements", `[${"0,".repeat(20_000)}0]`],
    ["members", `{${Array.from({ length: 20_001 }, (_, i) => `"k${i}":0`).join()}}`],
    ["empty objects", `[${"{},".repeat(10_001)}0]`],
    ["what is no JSON", ",".repeat(20_001)],
  ])("of too many values is not parsed: %s", async (_, body) => {
    const problem = await jsonOf(await login(body), 413);
    expect(problem.detail).toContain("20,000 values");
  });

  it("is not refused for brackets and commas within its strings", async () => {
    const name = `${'[{,"\\'.repeat(20_000)}`;
    const { token } = await signUp();
    const problem = await jsonOf(await call("POST", "/api/v1/clones", { token, json: { name } }), 422);
    expect(problem.detail).toBe("“name”: Use at most 80 characters.");
  });

  it("makes nothing of the names that objects inherit", async () => {
    const { token } = await signUp();
    const body = '{"name":"A","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1}';
    const headers = { "Content-Type": "application/json" };
    const { errors } = await jsonOf<{ errors: object[] }>(
      await call("POST", "/api/v1/clones", { token, body, headers }),
      422,
    );
    expect(errors.map((error) => Reflect.get(error, "path"))).toEqual(
      expect.arrayContaining(["constructor", "toString"]),
    );
    expect(({} as { polluted?: 1 }).polluted).toBeUndefined();
  });
});

describe("a list of faults", () => {
  it("names twenty of them, and says how many there are", async () => {
    const { token } = await signUp();
    const { id } = await makeClone(token);
    const questions = Array.from({ length: 500 }, () => ({}));
    const response = await call("POST", "/api/v1/evaluation/questions", { token, json: { clone_id: id, questions } });
    const problem = await jsonOf<{ errors: unknown[]; detail: string }>(response, 422);
    expect(problem.errors).toHaveLength(20);
    expect(problem.detail).toContain("and 499 more");
  });

  it("stays short whatever the names and values that it repeats", async () => {
    const { token } = await signUp();
    const clone = await makeClone(token);
    const long = "k".repeat(500_000);
    const asked: [string, string, unknown][] = [
      ["POST", "/api/v1/evaluation/questions", { clone_id: clone.id, questions: [{ question: "a", [long]: 1 }] }],
      ["POST", "/api/v1/conversations", { model: `${long.slice(0, 150)}/x` }],
      [
        "POST",
        "/v1/chat/completions",
        { model: `clone:${long.slice(0, 190)}`, messages: [{ role: long, content: "a" }] },
      ],
      ["PATCH", `/api/v1/clones/${clone.id}`, { visibility: long }],
    ];
    for (const [method, path, json] of asked) {
      const response = await call(method, path, { token, json });
      expect([path, response.status >= 400]).toEqual([path, true]);
      expect((await response.text()).length).toBeLessThan(4_000);
    }
  });
});

describe("YAML", () => {
  const times = (text: string, bytes: number) => text.repeat(Math.floor(bytes / text.length));
  const keys = (bytes: number) => {
    const lines: string[] = [];
    for (let size = 0; size < bytes; size += lines.at(-1)?.length ?? 0) lines.push(`k${lines.length}: 1\n`);
    return lines.join("");
  };
  /** What takes its parser the square of the size, or its messages all of it. */
  const hard: [string, (bytes: number) => string][] = [
    ["keys", keys],
    ["keys in braces", (bytes) => `{${times("a,", bytes)}}`],
    ["commas", (bytes) => `{${times(",", bytes)}}`],
    ["closing brackets", (bytes) => times("]", bytes)],
    ["opening brackets", (bytes) => times("[", bytes)],
    ["questions", (bytes) => times("?\n", bytes)],
    ["lists in lists", (bytes) => times("- ", bytes)],
    ["directives", (bytes) => times("%A\n", bytes)],
    ["tags", (bytes) => times("- !x a\n", bytes)],
    ["anchors", (bytes) => times("- &a a\n", bytes)],
    ["faults", (bytes) => times("a\nb: c\n", bytes)],
    ["comments", (bytes) => times("#\n", bytes)],
    ["line ends of old", (bytes) => times("\r", bytes)],
  ];
  const put = async (token: string, body: string) => {
    const { id } = await makeClone(token);
    const headers = { "Content-Type": "application/yaml" };
    return call("PUT", `/api/v1/pipeline/config?clone_id=${id}`, { token, body, headers });
  };

  it.each(hard)("of many %s is not parsed, however large it is", async (_, make) => {
    const { token } = await signUp();
    for (const bytes of [30_000, 60_000, 190_000]) {
      const problem = await jsonOf(await put(token, make(bytes)), 413);
      expect(problem.code).toBe("payload_too_large");
    }
  });

  it("that repeats itself, or tells a name twice, is refused in a short sentence", async () => {
    const { token } = await signUp();
    for (const body of [
      "a: &a 1\nb: *a",
      "chunking: {size: 100}\nchunking: {size: 200}",
      `!${"x".repeat(60_000)}`,
      "[".repeat(1_900),
    ]) {
      const response = await put(token, body);
      expect([body.slice(0, 20), response.ok]).toEqual([body.slice(0, 20), false]);
      expect((await response.text()).length).toBeLessThan(2_000);
    }
  });
});
