import { z } from "zod";
import { pageOf } from "../platform/http/paging.ts";
import { citation, messageStatus } from "./contract.ts";

export const tags = ["Sharing"];

const shareKind = z
  .enum(["link", "members"], "Choose “link” or “members”.")
  .describe("Whoever has the link, or everybody in the workspace.");

export const shareInput = z.strictObject({ kind: shareKind });

export const share = z.object({ id: z.string(), kind: shareKind, created_at: z.iso.datetime() });
export type Share = z.output<typeof share>;
export const newShare = share.extend({
  url: z.url().describe("The page to read it on. A link’s address is shown this once: only its hash is kept."),
});
export const shareList = z.object({ data: z.array(share), next_cursor: z.null() });

/** A conversation that somebody shares with the workspace, in a list. */
export const sharedEntry = z.object({
  id: z.string().describe("The share’s id."),
  title: z.string(),
  clone: z.string().nullable().describe("The clone’s name."),
  shared_by: z.string(),
  shared_at: z.iso.datetime(),
});
export type SharedEntry = z.output<typeof sharedEntry>;
export const sharedPage = pageOf(sharedEntry);

export const sharedMessage = z.object({
  id: z.string(),
  role: z.enum(["user", "assistant"]),
  content: z.string(),
  citations: z.array(
    citation.extend({ document_id: z.string().nullable().describe("Null for readers who cannot open documents.") }),
  ),
  status: messageStatus,
  created_at: z.iso.datetime(),
});

/** A conversation as its readers see it: the branch that was shown, from the first question on. */
export const sharedConversation = sharedEntry.omit({ id: true }).extend({ messages: z.array(sharedMessage) });
export type SharedConversation = z.output<typeof sharedConversation>;
