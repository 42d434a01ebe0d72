import { visionModelFor } from "../../model-access/workspace-models.ts";
import type { Context } from "../../workspaces/context.ts";
import { writeFile } from "../document-files.ts";
import { modelUseOf } from "./model-use.ts";
import { readerOf } from "./reader.ts";
import type { RunStep, Work } from "./step-work.ts";

/** Well within the time that a step may go without a sign of life. */
const describeWithinMs = 45_000;

/** A picture in a file, by the SHA-256 of its bytes. */
interface Picture {
  id: string;
  mediaType: `image/${string}`;
  bytes: Uint8Array;
}

async function pictureIn(name: string, body: ReadableStream<Uint8Array>): Promise<Picture> {
  const [id = "", mediaType = ""] = name.split(" ");
  return {
    id,
    mediaType: mediaType as Picture["mediaType"],
    bytes: new Uint8Array(await new Response(body).arrayBuffer()),
  };
}

/** What pictures say, by their ids; null where no model may look at them. */
async function describe(ctx: Context, work: Work, pictures: Picture[]): Promise<Record<string, string> | null> {
  const model = await visionModelFor(ctx, await modelUseOf(ctx, work, "vision"));
  if (!model) return null;
  const descriptions: Record<string, string> = {};
  for (const { id, ...picture } of pictures) {
    await work.progress(0);
    descriptions[id] ??= await model.describe(picture, { signal: AbortSignal.timeout(describeWithinMs) });
  }
  return descriptions;
}

/** Reads the file into one text and the headings, paragraphs and tables that it is made of. */
export const partition: RunStep = async (ctx, work) => {
  const { document } = work;
  const ask = readerOf(ctx, work);
  const read = async (descriptions: Record<string, string> | null) => {
    const pictures: Picture[] = [];
    const result = await ask("read", { kind: document.kind, descriptions }, "original", async ({ name }, body) => {
      if (name === "text") await writeFile(ctx.env.UPLOADS, document.storageKey, "text.json", body);
      else pictures.push(await pictureIn(name, body));
    });
    return { result, pictures };
  };
  // Asked for when a picture comes: a wrong setting must not keep other documents from being read.
  const first = await read({});
  const { result } = first.result ? first : await read(await describe(ctx, work, first.pictures));
  if (!result) throw new Error("The reader found other pictures in the same file.");
  const { pages, characters, elements, leftOut } = result;
  return { pages: pages ?? 0, characters, elements, ...(leftOut > 0 && { left_out: leftOut }) };
};
