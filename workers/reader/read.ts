import { createHash } from "node:crypto";
import type { DescribeImage } from "../reading/images/parse-image.ts";
import { parseDocument } from "../reading/parse-document.ts";
import type { Task } from "./index.ts";

/** Stands for what is said of a picture that has not been described yet, as a text of some sort; what is made of it is not used. */
const undescribed = "undescribed";

export const read: Task<"read"> = async ({ kind, descriptions }, bytes, answer) => {
  let isLacking = false;
  const describe: DescribeImage = async (image) => {
    const id = createHash("sha256").update(image.bytes).digest("hex");
    const known = descriptions?.[id];
    if (known !== undefined) return known;
    isLacking = true;
    await answer.file(`${id} ${image.mediaType}`, image.bytes);
    return undescribed;
  };
  const document = await parseDocument(kind, bytes, {
    onProgress: (share) => answer.alive(share),
    onAlive: () => answer.aliveSoon(),
    describe: descriptions && describe,
  });
  if (isLacking) return null;
  await answer.json("text", document);
  const { pages, text, blocks, leftOut } = document;
  return { pages, characters: text.length, elements: blocks.length, leftOut: leftOut?.count ?? 0 };
};
