import { getClone } from "../../clones/get-clone.ts";
import { cloneIndex } from "../../passages/clone-index.ts";
import { alikePairs } from "../../reading/sketch.ts";
import { operation } from "../../workspaces/operation.ts";
import { documentHints, ofClone, tags } from "../contract.ts";
import { listFilenames, listSketches } from "../queries.ts";
import { viewerOf } from "../viewer.ts";

/** From which likeness on two documents are said to be almost the same: versions of one text, not texts on one matter. */
const nearDuplicate = 0.7;
/** Documents that are held against each other; of more, the newest. */
const maxDocuments = 5_000;

export const listHints = operation({
  summary: "What may be wrong in a clone’s documents",
  description:
    "Documents that say almost the same, and statements that give different numbers of the same thing. Hints: a person decides.",
  tags,
  action: "document.read",
  query: ofClone,
  output: documentHints,
  async run(ctx, { query: { clone_id } }) {
    const clone = await getClone(ctx, clone_id);
    const of = { workspaceId: clone.workspaceId, cloneId: clone.id, viewer: viewerOf(ctx.actor, clone) };
    const [sketches, conflicts] = await Promise.all([
      listSketches(ctx.db, of, maxDocuments),
      cloneIndex(ctx.env, clone.id).conflicts(),
    ]);
    const ids = conflicts.flatMap(({ a, b }) => [a.documentId, b.documentId]);
    const names = await listFilenames(ctx.db, of, { ids: [...new Set(ids)] });
    const nameOf = new Map(sketches.map(({ id, filename }) => [id, filename]));
    const pairs = alikePairs(sketches, nearDuplicate);
    const isPair = new Set(pairs.map(({ a, b }) => [a, b].sort().join(" ")));
    return {
      near_duplicates: pairs.map(({ a, b, similarity }) => ({
        documents: [a, b].map((id) => ({ id, filename: nameOf.get(id) ?? "" })),
        similarity,
      })),
      contradictions: conflicts.flatMap(({ a, b }) => {
        const sides = [a, b].flatMap(({ documentId, quote, page, start }) => {
          const filename = names.get(documentId);
          return filename === undefined ? [] : [{ document_id: documentId, filename, page, start, quote }];
        });
        // What two versions of one text say differently is told with the versions.
        return sides.length < 2 || isPair.has([a.documentId, b.documentId].sort().join(" "))
          ? []
          : [{ statements: sides }];
      }),
    };
  },
});
