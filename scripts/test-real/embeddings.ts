import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { embeddingModel, type Installation } from "./journey.ts";

const collections = "../shared/corpus/ir";

/** The evaluation with a real model's vectors, by the box's wire of OpenAI's: words and vectors together are no worse than the better of both. */
export async function checkEmbeddings({ report, box }: Installation): Promise<void> {
  if (!existsSync(collections))
    return report.notRun("the evaluation with real vectors", `there are no collections in ${collections}`);
  await report.check("words and vectors of a real model are no worse together than the better alone", async () => {
    const chosen = { OPENAI_BASE_URL: `${box.url}/v1`, EMBEDDING_MODEL: `openai/${embeddingModel}` };
    const evaluation = spawn(process.execPath, ["scripts/eval.ts", "--all", collections], {
      stdio: "inherit",
      env: { ...process.env, ...chosen },
    });
    const [status] = await once(evaluation, "exit");
    assert.equal(status, 0, "what is above says where they are worse");
    return undefined;
  });
}
