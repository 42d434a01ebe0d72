import { chunksPerPart } from "../../passages/put-in-index.ts";
import { chunksFile, writeCut, writeFile } from "../document-files.ts";
import { chunkingKey, pipelineConfigOf } from "../pipeline-config.ts";
import { readerOf } from "./reader.ts";
import type { RunStep } from "./step-work.ts";

/** Cuts the text into the passages that are found and cited. */
export const chunking: RunStep = async (ctx, work) => {
  const { document, runId, carried } = work;
  const bucket = ctx.env.UPLOADS;
  const { chunking: how } = await pipelineConfigOf(ctx.db, document.cloneId);
  const options = { chunking: how, chunksPerPart };
  const { chunks } = await readerOf(ctx, work)("cut", options, "text.json", ({ name }, body) =>
    writeFile(bucket, document.storageKey, chunksFile(runId, Number(name)), body),
  );
  carried.cut = { chunking: chunkingKey(how), chunks };
  await writeCut(bucket, document.storageKey, runId, carried.cut);
  return { chunks };
};
