import { Problem } from "../../platform/errors.ts";
import { readBytes } from "../../platform/http/body.ts";
import { readForm } from "../../platform/http/form.ts";
import { askReader, ReaderDied } from "../../reading/ask-reader.ts";
import type { Context } from "../../workspaces/context.ts";
import { notOurs } from "./conversations-in.ts";
import type { Imported } from "./imported.ts";

/** How much of a file is read. */
const mostBytes = 20_000_000;

const tooLarge = () =>
  new Problem(
    "payload_too_large",
    "This file is larger than 20 MB. Split it, and bring in the parts one after another.",
  );

/** The bytes of the file in a request: the body itself, or the field `file` of a form. */
async function fileIn(request: Request): Promise<Blob> {
  if (!request.body) throw notOurs();
  const type = request.headers.get("Content-Type") ?? "";
  const bytes = await readBytes(request, mostBytes, tooLarge);
  if (!/^multipart\/form-data/i.test(type)) return new Blob([bytes]);
  const file = (await readForm(bytes, type)).get("file");
  if (file instanceof File) return file;
  throw new Problem("validation_failed", "Send the file in the field “file”.", {
    errors: [{ path: "file", message: "There is no file in this field." }],
  });
}

/**
 * The conversations in a request's file, which is read where nobody waits for it. Throws a problem that says what and where for all that
 * is not one, and `payload_too_large` for what takes more than the reader has.
 */
export async function readImport(ctx: Context, request: Request): Promise<Imported[]> {
  const file = await fileIn(request);
  const conversations: Imported[] = [];
  const { problem } = await askReader(ctx, {
    task: "convert",
    options: null,
    workspaceId: ctx.actor.kind === "job" ? "" : ctx.actor.workspaceId,
    body: { stream: file.stream(), bytes: file.size },
    onFile: async (_, body) => conversations.push(await new Response(body).json<Imported>()),
  }).catch((cause: unknown) => {
    if (!(cause instanceof ReaderDied)) throw cause;
    const detail = "This file takes too long to read. Split it, and bring in the parts one after another.";
    throw new Problem("payload_too_large", detail, { cause });
  });
  if (problem) throw new Problem(problem.code, problem.message, { errors: problem.errors });
  return conversations;
}
