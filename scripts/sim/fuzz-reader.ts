/**
 * Reads mutated files of one kind, in a process that may die of them: `npm run script -- sim/fuzz-reader.ts rtf 1 25` for 25 seconds of seed 1,
 * `npm run script -- sim/fuzz-reader.ts rtf 1 - 1234` for trial 1234 alone. Tells the number of each trial before it begins.
 */
import { writeSync } from "node:fs";
import { Problem } from "../../workers/platform/errors.ts";
import { chunksOf } from "../../workers/reading/chunk-document.ts";
import { detectType } from "../../workers/reading/detect-type.ts";
import type { DocumentKind } from "../../workers/reading/formats.ts";
import { withoutMetadata } from "../../workers/reading/image-metadata.ts";
import { isImage } from "../../workers/reading/image-size.ts";
import { parseDocument } from "../../workers/reading/parse-document.ts";
import { sketchOf } from "../../workers/reading/sketch.ts";
import { statementsOf } from "../../workers/reading/statements.ts";
import { UnreadableDocument } from "../../workers/reading/unreadable-document.ts";
import { fuzzInputs } from "./fuzz-input.ts";

/** All that an upload goes through. Throws where something is not as it must be. */
async function read(kind: DocumentKind, bytes: Uint8Array): Promise<void> {
  try {
    detectType(bytes, `file.${kind}`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  try {
    if (isImage(kind)) withoutMetadata(kind, bytes);
    const document = await parseDocument(kind, bytes.slice(), { describe: async () => "Seven quinces in a bowl." });
    const { text, blocks } = document;
    let end = 0;
    for (const block of blocks) {
      if (block.start < end || block.end <= block.start || block.end > text.length)
        throw new Error("Blocks are not in order.");
      end = block.end;
    }
    for (const chunk of chunksOf(document))
      if (text.slice(chunk.start, chunk.end) !== chunk.text) throw new Error("A chunk is not what the text has there.");
    statementsOf(document);
    sketchOf(text);
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) throw error;
  }
}

const [kind = "text", seed = "1", seconds = "25", only] = process.argv.slice(2) as [
  DocumentKind,
  string,
  string,
  string?,
];
const inputOf = fuzzInputs(kind, Number(seed));
const until = performance.now() + 1_000 * Number(seconds);
for (let trial = Number(only ?? 0); only ? trial === Number(only) : performance.now() < until; trial++) {
  // Written at once, so that it is known of a trial that never ends.
  writeSync(1, `${trial}\n`);
  await read(kind, inputOf(trial));
}
