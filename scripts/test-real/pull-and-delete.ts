import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { embeddingModel, type Installation } from "./journey.ts";
import { startRegistry } from "./registry.ts";

/** A small model of Ollama's own registry. */
const published = "all-minilm:22m";

/** Models come to the box and go from it as its owner has the product do; last, as the clone's vectors go with their model. */
export async function checkPullAndDelete(installation: Installation, certificates: string | null): Promise<void> {
  const { report, person, box } = installation;
  const names = async () =>
    (await person.call<{ data: { name: string }[] }>("GET", "/ollama/models")).data.map(({ name }) => name);
  const pull = async (model: string) => {
    const answer = person.follow("/ollama/pull", { model });
    return { answer, end: await answer.end() };
  };
  const { end: reached } = await pull(published);
  if (reached.event === "error")
    report.notRun(`a pull from Ollama’s own registry (${published})`, `the product said: “${reached.data.error}”`);
  else
    await report.check("a model of Ollama’s own registry is pulled", async () => {
      assert.ok((await names()).includes(published));
      return undefined;
    });

  const copy = join(box.folder, "published");
  cpSync(join(box.folder, "models"), copy, { recursive: true });
  await report.check("a model is deleted, and deleting it once more says that it is not there", async () => {
    await person.call("DELETE", `/ollama/models/${embeddingModel}`);
    assert.ok(!(await names()).includes(embeddingModel));
    await assert.rejects(person.call("DELETE", `/ollama/models/${embeddingModel}`), /404/);
    return undefined;
  });
  if (!certificates) return report.notRun("a pull from a registry of our own", "openssl is not on this machine");
  const registry = await startRegistry(copy, certificates);
  try {
    await report.check("a model is pulled from a registry, with its bytes told as they come", async () => {
      const name = registry.nameOf(embeddingModel);
      const { answer, end } = await pull(name);
      assert.equal(end.event, "done", JSON.stringify(end.data));
      const totals = answer.events.map(({ data }) => Number(data.total ?? 0));
      assert.ok(Math.max(...totals) > 1_000_000, "bytes are told");
      assert.ok((await names()).includes(name.replace(/:latest$/, "")), JSON.stringify(await names()));
      return `${answer.events.length} events, ${(Math.max(...totals) / 1e6).toFixed(0)} MB in ${(end.ms / 1_000).toFixed(1)} s`;
    });
    await report.check("a model that the registry does not have is an error that says so", async () => {
      const { end } = await pull(registry.nameOf("none"));
      assert.equal(end.event, "error");
      return `“${end.data.error}”`;
    });
  } finally {
    registry.close();
  }
}
