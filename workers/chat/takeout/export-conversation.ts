import type { z } from "zod";
import { findAnyClone } from "../../clones/queries.ts";
import { iso } from "../../platform/clock.ts";
import { notFound, Problem } from "../../platform/errors.ts";
import { askReader, ReaderDied, ReaderRefused } from "../../reading/ask-reader.ts";
import { recordAudit } from "../../workspaces/audited.ts";
import type { Context } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import { ownerOf } from "../access.ts";
import { exportQuery, tags, type WholeConversation } from "../contract.ts";
import { liveSnapshots } from "../conversations/live-snapshots.ts";
import { presentConversation, presentMessage } from "../present.ts";
import { caughtUp } from "../projection/caught-up.ts";
import type { Owner, Tenant } from "../queries.ts";
import { type Transcript, transcriptOf } from "../transcript.ts";
import { readWhole } from "./takeout-queries.ts";
import { writeMarkdown } from "./write-markdown.ts";

/** Those of `ids` that are theirs, whole; answers that are being written hold what is stored of them. */
export async function readConversations(
  ctx: Context,
  ids: string[],
  whose: Owner | Tenant = ownerOf(ctx),
): Promise<WholeConversation[]> {
  const found = await readWhole(ctx.db, whose, ids);
  return Promise.all(
    found.map(async ({ conversation, rows, citationsOf }) => {
      const live = await liveSnapshots(ctx, conversation.id, rows);
      const messages = rows.map((row) => {
        const { content, citations } = live[row.id] ?? {
          content: row.content,
          citations: citationsOf.get(row.id) ?? [],
        };
        return presentMessage({ ...row, content }, citations);
      });
      const { userId, visitorId } = conversation;
      const by = { kind: userId ? "member" : "visitor", id: userId ?? visitorId };
      return { ...("everybody" in whose ? { by } : {}), conversation: presentConversation(conversation), messages };
    }),
  );
}

/** What the clone of a conversation is called, or a plain word where it is gone. */
async function answererOf(ctx: Context, cloneId: string | null): Promise<string> {
  const clone = cloneId === null ? undefined : await findAnyClone(ctx.db, { id: cloneId });
  return clone?.name ?? "Assistant";
}

interface Exported {
  body: string | ReadableStream<Uint8Array>;
  type: string;
  /** What to call the file, without its extension. */
  name: string;
  extension: string;
}

/** A conversation as a PDF, set where nobody waits for it. Throws `payload_too_large`. */
async function printed(ctx: Context, transcript: Transcript): Promise<ReadableStream<Uint8Array>> {
  const json = new Blob([JSON.stringify(transcript)]);
  const parts: Blob[] = [];
  try {
    await askReader(ctx, {
      task: "print",
      options: null,
      workspaceId: ctx.actor.kind === "job" ? "" : ctx.actor.workspaceId,
      body: { stream: json.stream(), bytes: json.size },
      onFile: async (_, body) => parts.push(await new Response(body).blob()),
    });
  } catch (cause) {
    if (!(cause instanceof ReaderDied || cause instanceof ReaderRefused)) throw cause;
    throw new Problem("payload_too_large", "This conversation is too long for a PDF. Export it as Markdown instead.", {
      cause,
    });
  }
  return new Blob(parts).stream();
}

/** One of the actor's conversations as a file. */
async function written(ctx: Context, id: string, format: z.output<typeof exportQuery>["format"]): Promise<Exported> {
  await caughtUp(ctx);
  const [whole] = await readConversations(ctx, [id]);
  if (!whole) throw notFound("conversation");
  const { conversation, messages } = whole;
  const name = conversation.title;
  if (format === "json") {
    const head = { format: "understudy.conversation", version: 1, exported_at: iso(ctx.clock.now()) };
    return { body: JSON.stringify({ ...head, ...whole }, null, 2), type: "application/json", name, extension: "json" };
  }
  const transcript = transcriptOf(conversation, messages, await answererOf(ctx, conversation.clone_id));
  if (format === "markdown") {
    return { body: writeMarkdown(transcript), type: "text/markdown; charset=utf-8", name, extension: "md" };
  }
  return { body: await printed(ctx, transcript), type: "application/pdf", name, extension: "pdf" };
}

/** Throws `not_found`, and `payload_too_large` for a PDF of too much. */
export const exportConversation = operation({
  summary: "Take out a conversation",
  description:
    "`json` holds the whole tree and can be brought in again; `markdown` and `pdf` are the shown branch, for reading.",
  tags,
  action: "conversation.read",
  scope: "chat",
  audit: "conversation.exported",
  params: ["id"],
  query: exportQuery,
  async run(ctx, { params: { id }, query: { format } }) {
    const file = await written(ctx, id, format);
    await recordAudit(ctx, {
      action: "conversation.exported",
      resource: { kind: "conversation", id },
      details: { format },
    });
    return file;
  },
});
