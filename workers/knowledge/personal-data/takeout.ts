import { iso } from "../../platform/clock.ts";
import { jsonFile } from "../../platform/rooms/archive-file.ts";
import type { PersonalData, Seen } from "../../platform/rooms/personal-data.ts";
import type { Runtime } from "../../platform/runtime.ts";
import type { ZipEntry } from "../../platform/zip-stream.ts";
import { fileKey } from "../document-files.ts";
import { presentDocument } from "../present.ts";
import { countSeen, eachDocument, listPipelines, listWebImports, measureDocuments } from "./queries.ts";

/** The documents that are seen, each with the file that was uploaded. */
async function* filesOf(runtime: Runtime, seen: Seen): AsyncGenerator<ZipEntry> {
  const listed: unknown[] = [];
  for await (const document of eachDocument(runtime.db, seen)) {
    const original = await runtime.env.UPLOADS.get(fileKey(document.storageKey, "original"));
    // Deleted since, or given another file: it is not there any more.
    if (!original) continue;
    // Under its id: several documents may have the same name.
    const name = `documents/${document.id}/${document.filename}`;
    listed.push({ ...presentDocument(document, null), created_by: document.createdBy, file: name });
    yield { name, modifiedAt: document.createdAt, isStored: true, body: original.body };
  }
  yield jsonFile(runtime, "documents.json", listed);
}

async function* importsOf(runtime: Runtime, workspaceId: string) {
  const imports = (await listWebImports(runtime.db, workspaceId)).map(({ cloneId, createdBy, createdAt, ...each }) => ({
    ...each,
    clone_id: cloneId,
    created_by: createdBy,
    created_at: iso(createdAt),
  }));
  yield jsonFile(runtime, "website-imports.json", imports);
}

/** What the knowledge of clones gives out: documents, what was taken from websites, and how clones search. */
export const takeout: Pick<PersonalData, "ofWorkspace" | "contents"> = {
  ofWorkspace: { files: importsOf },
  contents: {
    measure: measureDocuments,
    files: filesOf,
    async ofClones(db, seen) {
      const [counts, pipelines] = await Promise.all([countSeen(db, seen), listPipelines(db, seen.workspaceId)]);
      return (id) => ({ document_count: counts.get(id) ?? 0, pipeline: pipelines.get(id) ?? null });
    },
  },
};
