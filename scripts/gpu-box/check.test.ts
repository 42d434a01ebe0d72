import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { accessToken } from "../stand-ins/access-token.ts";
import { startOllamaStandIn } from "../stand-ins/ollama-server.ts";
import { checkBox } from "./check.mjs";

/** A server that answers every call alike. */
async function serving(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("finds nothing wrong with a box that answers as it should", async (t) => {
  const { url, close } = await startOllamaStandIn();
  t.after(close);
  for (const address of [url, `${url}/v1/`]) {
    const results = await checkBox({ address });
    assert.deepEqual(
      results.filter(({ state }) => state !== "good"),
      [],
    );
    assert.equal(results.length, 8);
  }
  assert.equal((await checkBox({ address: `${url}/gated`, ...accessToken })).at(-1)?.state, "good");
});

test("says that the service token is missing, or refused", async (t) => {
  const { url, close } = await startOllamaStandIn();
  t.after(close);
  const [, missing] = await checkBox({ address: `${url}/gated` });
  assert.match(`${missing?.what} ${missing?.fix}`, /Access asks who is there.*CF_ACCESS_CLIENT_ID/);
  const [, refused] = await checkBox({ address: `${url}/gated`, ...accessToken, secret: "another" });
  assert.match(`${refused?.what} ${refused?.fix}`, /refuses the service token.*Service Auth/);
});

for (const [said, status, body, expected] of [
  ["a host that Ollama refuses", 403, "", /httpHostHeader: localhost:11434/],
  ["a tunnel that is down", 530, "error code: 1033", /systemctl status cloudflared/],
  ["no Ollama behind the tunnel", 502, "<html>Bad gateway</html>", /systemctl status ollama/],
  ["another server", 404, "404 page not found", /before \/api and \/v1/],
  ["a page", 200, "<html>Hello</html>", /no Ollama/],
] as const)
  test(`says what is wrong: ${said}`, async (t) => {
    const address = await serving(t, (_request, response) => void response.writeHead(status).end(body));
    const results = await checkBox({ address });
    assert.equal(results.length, 2);
    assert.equal(results[1]?.state, "wrong");
    assert.match(`${results[1]?.what} ${results[1]?.fix}`, expected);
  });

test("says that nothing answers, and that no name server knows a name", async () => {
  assert.match((await checkBox({ address: "http://127.0.0.1:1" })).at(-1)?.fix ?? "", /Start Ollama there/);
  const [unknown] = await checkBox({ address: "https://box.invalid" });
  assert.match(unknown?.fix ?? "", /cloudflared tunnel route dns/);
});

test("says that an Ollama is too old", async (t) => {
  for (const [version, isOld] of [
    ["0.6.8", true],
    ["0.12.5", true],
    ["0.12.6", false],
    ["0.13.0-rc1", false],
    ["1.0.0", false],
  ] as const) {
    const address = await serving(
      t,
      (_request, response) => void response.end(JSON.stringify({ version, models: [] })),
    );
    const results = await checkBox({ address });
    assert.equal(/older than/.test(results[3]?.what ?? ""), isOld, version);
    assert.match(results[4]?.fix ?? "", /ollama pull llama3\.2/);
  }
});

test("says which models there are, that one is too large, and that one is not on the GPU", async (t) => {
  const { url, close } = await startOllamaStandIn();
  t.after(close);
  const absent = (await checkBox({ address: url, model: "mistral" })).at(-1);
  assert.match(`${absent?.what} ${absent?.fix}`, /does not have mistral.*It has .*qwen3:8b.*ollama pull mistral/);
  for (const [name, expected] of [
    ["stand-in?vram=half&tag=:1", /Only 50 %.*quantised further/],
    ["stand-in?fault=memory&tag=:1", /requires more system memory.*smaller model/],
    ["stand-in?cut=half&tag=:1", /cut, and not refused.*newer Ollama/],
  ] as const) {
    const address = await serving(t, async (request, response) => {
      const isList = request.url === "/api/tags";
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const passed = await fetch(`${url}${request.url}`, {
        method: request.method ?? "GET",
        ...(body ? { body } : {}),
      });
      response.writeHead(passed.status);
      response.end(isList ? JSON.stringify({ models: [{ name: name }] }) : await passed.text());
    });
    const told = (await checkBox({ address })).filter(({ state }) => state !== "good");
    assert.match(told.map(({ what, fix }) => `${what} ${fix}`).join("\n"), expected);
  }
});
