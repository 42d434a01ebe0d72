import { z } from "zod";
import { getClone } from "../../clones/get-clone.ts";
import { readableFormats } from "../../reading/formats.ts";
import { operation } from "../../workspaces/operation.ts";
import { documentAccess, tags, uploadResult } from "../contract.ts";
import { requireReadingFunds } from "../ingestion/require-reading-funds.ts";
import { uploadedFile } from "./read-upload.ts";
import { storeFiles } from "./store-files.ts";

const whichClone = "Name the clone that shall read the files.";

/** Throws `insufficient_credits`, and `unsupported_media_type` and `validation_failed` with the file’s name: all are looked at before any is stored. */
export const uploadDocuments = operation({
  limit: "upload",
  summary: "Give a clone documents to read",
  description: `${readableFormats}, told by their bytes. Follow \`/documents/{id}/status\`.`,
  tags,
  action: "document.write",
  audit: "document.uploaded",
  input: z.strictObject({
    clone_id: z.string(whichClone).min(1, whichClone),
    access: documentAccess.default("public"),
    file: z.array(uploadedFile).min(1, "Send at least one file, in the field “file”."),
  }),
  output: uploadResult,
  async run(ctx, { body: { clone_id, access, file } }) {
    const clone = await getClone(ctx, clone_id);
    await requireReadingFunds(ctx, clone.id, clone.workspaceId);
    const uploaded = await storeFiles(ctx, clone, file, { createdBy: ctx.actor.userId, access });
    return { data: uploaded.map(({ id, filename, status }) => ({ id, filename, status })) };
  },
});
