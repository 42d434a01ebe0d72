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

/** What a request brings in, as the fields of a form: one that is no form is the field `file`. A field that is there more than once is a list. */
export async function readImportForm(request: Request): Promise<Record<string, unknown>> {
  if (!request.body) throw notOurs();
  const type = request.headers.get("Content-Type") ?? "";
  const bytes = await readBytes(request, mostBytes, tooLarge);
  if (!/^multipart\/form-data/i.test(type)) return { file: new Blob([bytes]) };
  const form = await readForm(bytes, type);
  const oneOrAll = ([first, ...more]: FormDataEntryValue[]) => (more.length === 0 ? first : [first, ...more]);
  return Object.fromEntries([...new Set(form.keys())].map((name) => [name, oneOrAll(form.getAll(name))]));
}

/**
 * The conversations in a file, which is read where nobody waits for it. Throws a problem that says what and where for all that
 * is not one, and `payload_too_large` for what takes more than the reader has.
 */
export async function readImport(ctx: Context, file: Blob): Promise<Imported[]> {
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
