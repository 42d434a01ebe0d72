import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureFromDebian } from "../debian-packages.ts";
import { cached, run } from "./cache.ts";

const version = "v0.17.4";
/** A module has no folder called `vendor`, and the headers that Ollama keeps there come from elsewhere: one from another module, these from Debian. */
const malgo = "github.com/gen2brain/malgo@v0.11.24";
const debianHeaders = ["/usr/include/nlohmann/json_fwd.hpp", "/usr/include/stb/stb_image.h"];

/** What it computes with: for any processor, and for those of the last ten years. For each of the others it would take two minutes more. */
const processors = process.arch === "x64" ? ["ggml-cpu-x64", "ggml-cpu-haswell"] : ["ggml-cpu"];

const folderOf = async (module: string): Promise<string> =>
  (JSON.parse(await run("go", ["mod", "download", "-json", module])) as { Dir: string }).Dir;

/** The program of a real Ollama, built from its Go module where that was not done yet. Throws what is missing. */
export async function buildOllama(): Promise<string> {
  const folder = cached(`ollama-${version}`);
  const program = join(folder, "bin", "ollama");
  const whole = join(folder, "whole");
  if (existsSync(whole)) return program;
  const headers = ensureFromDebian(
    () => (debianHeaders.every((file) => existsSync(file)) ? debianHeaders : undefined),
    {
      packages: ["nlohmann-json3-dev", "libstb-dev"],
      purpose: "Ollama's build",
    },
  );
  if (!headers) throw new Error(`${debianHeaders.join(" and ")} are not there`);
  console.log(`Building Ollama ${version}, which takes some ten minutes once …`);
  const source = await folderOf(`github.com/ollama/ollama@${version}`);
  const include = join(folder, "include");
  mkdirSync(include, { recursive: true });
  if (!existsSync(join(include, "miniaudio"))) symlinkSync(await folderOf(malgo), join(include, "miniaudio"));
  await run(
    "go",
    [
      "install",
      `-ldflags=-X=github.com/ollama/ollama/version.Version=${version.slice(1)}`,
      `github.com/ollama/ollama@${version}`,
    ],
    {
      env: { GOBIN: join(folder, "bin"), CGO_ENABLED: "1", CGO_CPPFLAGS: `-I${include}` },
    },
  );
  // The program looks for what it computes with in ../lib/ollama.
  await run("cmake", ["-S", source, "-B", folder, "-DCMAKE_BUILD_TYPE=Release"]);
  await run("cmake", ["--build", folder, "-j2", "--target", ...processors]);
  writeFileSync(whole, version);
  return program;
}
