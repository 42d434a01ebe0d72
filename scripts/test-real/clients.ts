import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cached, filled, run } from "./cache.ts";
import { chatModel, embeddingModel, type Installation } from "./journey.ts";

const npmClients = { "openai.js": "openai", "ai-sdk.js": "@ai-sdk/openai-compatible", "ollama.js": "ollama" };

async function npmFolder(): Promise<string> {
  const folder = join(cached(), "npm-clients");
  if (existsSync(folder)) return folder;
  await filled(folder, async (unfinished) => {
    writeFileSync(join(unfinished, "package.json"), JSON.stringify({ private: true, type: "module" }));
    const packages = ["ai", ...Object.values(npmClients)];
    await run("npm", ["install", "--no-audit", "--no-fund", ...packages], { cwd: unfinished });
  });
  return folder;
}

async function python(): Promise<string> {
  const folder = cached("python-clients");
  const program = join(folder, "bin", "python");
  const whole = join(folder, "whole");
  if (existsSync(whole)) return program;
  await run("python3", ["-m", "venv", "--clear", folder]);
  await run(program, ["-m", "pip", "install", "--disable-pip-version-check", "openai"]);
  writeFileSync(whole, "");
  return program;
}

async function keyOf({ person }: Installation): Promise<string> {
  return (await person.call<{ key: string }>("POST", "/api-keys", { name: "Clients", scopes: ["read", "chat"] })).key;
}

/** Official clients, as they are installed by anybody, in programs as anybody writes them. */
export async function checkClients(installation: Installation): Promise<void> {
  const { report, box, server, person, cloneId } = installation;
  const { slug } = await person.call<{ slug: string }>("GET", `/clones/${cloneId}`);
  const asked = [
    `${server.origin}/v1`,
    await keyOf(installation),
    `clone:${slug}`,
    `ollama/${chatModel}`,
    `ollama/${embeddingModel}`,
  ];
  try {
    const folder = await npmFolder();
    for (const [file, name] of Object.entries(npmClients)) {
      copyFileSync(join("scripts/test-real/clients", file), join(folder, file));
      const { version } = JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8"));
      await report.check(`${name} ${version} of npm works unmodified`, async () => {
        await run(process.execPath, [file, ...(name === "ollama" ? [box.url, chatModel] : asked)], { cwd: folder });
        return undefined;
      });
    }
  } catch (error) {
    report.notRun("the clients of npm", String(error));
  }
  try {
    const program = await python();
    const version = (await run(program, ["-c", "import openai; print(openai.__version__)"])).trim();
    await report.check(`openai ${version} of PyPI works unmodified`, async () => {
      await run(program, [join(process.cwd(), "scripts/test-real/clients/openai_client.py"), ...asked]);
      return undefined;
    });
  } catch (error) {
    report.notRun("the client of PyPI", String(error));
  }
}
