import { withoutMetadata } from "../image-metadata.ts";
import { imageKind } from "../image-size.ts";
import type { ParsedDocument } from "../parsed-document.ts";
import type { Reading } from "../reading.ts";
import { parseMarkdown } from "../text/parse-markdown.ts";
import { UnreadableDocument } from "../unreadable-document.ts";

/** A picture as a vision model is shown it, and what the model says of it, as Markdown. */
export type DescribeImage = (image: { bytes: Uint8Array; mediaType: `image/${string}` }) => Promise<string>;

/**
 * Reads a picture: what a vision model makes of it, its text word for word first. Throws `UnreadableDocument`, also where no model is set,
 * and what the model's provider throws.
 */
export async function parseImage(bytes: Uint8Array, reading: Reading): Promise<ParsedDocument> {
  const kind = imageKind(bytes);
  if (!kind) throw new UnreadableDocument("damaged", "This picture is damaged. Save it anew and upload the new file.");
  if (!reading.describe) {
    throw new UnreadableDocument(
      "needs_vision_model",
      "Pictures can only be read with a vision model, and none is set up here that may see them. Whoever runs this server can set VISION_MODEL, to a model of an own machine where the clone is bound to these; until then, upload what the picture says as text.",
    );
  }
  reading.takeImage();
  // Files in other files come as they are.
  const clean = withoutMetadata(kind, bytes);
  await reading.onProgress?.(0);
  return parseMarkdown(await reading.budget.waitFor(reading.describe({ bytes: clean, mediaType: `image/${kind}` })));
}
