import { resolveVisionModel } from "../../models/registry.ts";
import type { DescribeImage } from "../../reading/images/parse-image.ts";
import { parseDocument } from "../../reading/parse-document.ts";
import type { Context } from "../../workspaces/context.ts";
import { withProviderKeys } from "../../workspaces/provider-keys.ts";
import { readOriginal, writeJson } from "../document-files.ts";
import type { RunStep } from "./step.ts";

/** Well within the time that a step may go without a sign of life. */
const describeWithinMs = 45_000;

async function describe(ctx: Context, workspaceId: string, image: Parameters<DescribeImage>[0]): Promise<string> {
  const model = resolveVisionModel(await withProviderKeys(ctx, workspaceId));
  return model ? model.describe(image, { signal: AbortSignal.timeout(describeWithinMs) }) : "";
}

/** Reads the file into one text and the headings, paragraphs and tables that it is made of. */
export const partition: RunStep = async (ctx, { document, carried, progress }) => {
  const { env, config } = ctx;
  const bytes = await readOriginal(env.UPLOADS, document.storageKey);
  carried.parsed = await parseDocument(document.kind, bytes, {
    onProgress: progress,
    // Asked for when a picture comes: a wrong setting must not keep other documents from being read.
    describe: config.VISION_MODEL ? (image) => describe(ctx, document.workspaceId, image) : null,
  });
  await writeJson(env.UPLOADS, document.storageKey, "text.json", carried.parsed);
  const { pages, text, blocks, leftOut = [] } = carried.parsed;
  return {
    pages: pages ?? 0,
    characters: text.length,
    elements: blocks.length,
    ...(leftOut.length > 0 && { files_left_out: leftOut.length }),
  };
};
