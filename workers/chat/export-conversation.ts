import { iso } from "../platform/clock.ts";
import { notFound } from "../platform/errors.ts";
import type { Context } from "../workspaces/context.ts";
import { ownerOf } from "./access.ts";
import type { WholeConversation } from "./contract.ts";
import type { Snapshot } from "./conversation-object.ts";
import { conversationObject } from "./get-conversation.ts";
import { presentConversation, presentMessage } from "./present.ts";
import type { Owner, Tenant } from "./queries.ts";
import { answererOf, transcriptOf } from "./transcript.ts";
import { readWhole } from "./whole-queries.ts";
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
      const running = rows.filter(({ status }) => status === "running").map(({ id }) => id);
      const live: Record<string, Snapshot> =
        running.length > 0 ? await conversationObject(ctx, conversation.id).snapshots(running) : {};
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

interface Exported {
  body: string | ReadableStream<Uint8Array>;
  type: string;
  /** What to call the file, without its extension. */
  name: string;
  extension: string;
}

/** One of the actor's conversations as a file. Throws `not_found`, and `payload_too_large` for a PDF of too much. */
export async function exportConversation(
  ctx: Context,
  id: string,
  format: "json" | "markdown" | "pdf",
): Promise<Exported> {
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
  // Half a megabyte of letters and their setter: loaded when the first PDF is asked for.
  const { writePdf } = await import("./write-pdf.ts");
  const body = new Blob([await writePdf(transcript)]).stream();
  return { body, type: "application/pdf", name, extension: "pdf" };
}
