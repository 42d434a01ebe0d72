import { askReader } from "../../reading/ask-reader.ts";
import type { Description, ReaderTask, ReaderTasks } from "../../reading/reader-tasks.ts";
import type { Context } from "../../workspaces/context.ts";
import { type DocumentFile, openFile } from "../document-files.ts";
import type { Work } from "./step-work.ts";

type OnFile = (file: { name: string }, body: ReadableStream<Uint8Array>) => Promise<unknown>;

/** The reader for one step: it is sent one of the document's files, and its signs of life keep the step's lease. */
export function readerOf(ctx: Context, { document, progress }: Work) {
  let share = 0;
  return async <T extends ReaderTask>(
    task: T,
    options: ReaderTasks[T]["options"],
    file: DocumentFile,
    onFile?: OnFile,
  ): Promise<ReaderTasks[T]["result"]> =>
    askReader(ctx, {
      task,
      options,
      workspaceId: document.workspaceId,
      body: await openFile(ctx.env.UPLOADS, document.storageKey, file),
      onAlive: (done) => {
        share = done ?? share;
        return progress(share);
      },
      ...(onFile && { onFile }),
    });
}

/** What is known of the document besides its text; asked for once a delivery. */
export async function descriptionOf(ctx: Context, work: Work): Promise<Description> {
  work.carried.description ??= await readerOf(ctx, work)("describe", null, "text.json");
  return work.carried.description;
}
