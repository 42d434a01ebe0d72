import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { startOllamaStandIn } from "../stand-ins/ollama-server.ts";
import { findOllama, offerOf } from "./find-ollama.ts";

test("an Ollama on this machine is found, and offered where nobody has chosen what answers", async (t) => {
  const { url, close } = await startOllamaStandIn();
  t.after(close);
  assert.equal(await findOllama({}, url), url);
  assert.match(offerOf(url), new RegExp(`OLLAMA_BASE_URL=${url} LLM_PROVIDER=ollama npm start`));
  for (const name of ["OLLAMA_BASE_URL", "OPENAI_BASE_URL", "LLM_PROVIDER"])
    assert.equal(await findOllama({ [name]: "set" }, url), undefined);
});

test("somebody else at its address is none, and nobody", async (t) => {
  const server = createServer((_request, response) => response.end("<html>Hello</html>"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  assert.equal(await findOllama({}, `http://127.0.0.1:${(server.address() as AddressInfo).port}`), undefined);
  assert.equal(await findOllama({}, "http://127.0.0.1:1"), undefined);
});
