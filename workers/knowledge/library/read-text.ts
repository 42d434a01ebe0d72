import { notFound } from "../../platform/errors.ts";
import type { PlacedBlock } from "../../reading/parsed-document.ts";
import { operation } from "../../workspaces/operation.ts";
import { documentText, tags } from "../contract.ts";
import { readText } from "../document-files.ts";
import { leftOutOf } from "../present.ts";
import { getReadableDocument } from "./get-document.ts";

/** Blocks one after another that belong together: those of a page where there are pages, else those of a section. */
function inRuns(blocks: PlacedBlock[]): PlacedBlock[][] {
  const same = (a: PlacedBlock, b: PlacedBlock) => a.page === b.page && (a.page !== null || a.section === b.section);
  const runs: PlacedBlock[][] = [];
  for (const block of blocks) {
    const run = runs.at(-1);
    if (run?.[0] && same(run[0], block)) run.push(block);
    else runs.push([block]);
  }
  return runs;
}

/** In parts: by page where it has pages, else by section. */
export const readDocumentText = operation({
  summary: "A document’s text as it was read; citations point into it",
  tags,
  action: "document.open",
  params: ["id"],
  output: documentText,
  async run(ctx, { params }) {
    const row = await getReadableDocument(ctx, params.id);
    if (row.status !== "indexed") throw notFound("text of this document yet");
    const { text, blocks } = await readText(ctx.env.UPLOADS, row.storageKey);
    const parts = inRuns(blocks).flatMap((run) => {
      const [first, last] = [run[0], run.at(-1)];
      if (!first || !last) return [];
      const { page, section, start } = first;
      return [{ page, section, start, text: text.slice(start, last.end) }];
    });
    const { id, filename, sourceUrl: source_url, kind, pages, title, author, date, language } = row;
    const facts = { pages, title, author, date, language, left_out: leftOutOf(row) };
    return { document: { id, filename, source_url, type: kind, ...facts }, parts };
  },
});
