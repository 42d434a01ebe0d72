import { z } from "zod";
import { parameters, privacy } from "../../model-access/parameters-contract.ts";
import { cleanLine } from "../../platform/single-line.ts";
import {
  cleanText,
  type Imported,
  inOrder,
  maxMessages,
  refusedText,
  storedText,
  tooLong,
  tooLongOnes,
} from "./imported.ts";

const line = (limit: number) => z.string().transform((text) => cleanLine(text, limit));
const time = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .nullable()
  .catch(null);
const position = z.number().int().min(0).max(1_000_000_000);

const citation = z.object({
  index: z.number().int().min(1).max(999),
  document_id: z.string().max(200),
  source: line(500),
  page: position.nullable(),
  section: line(500).nullable(),
  quote: z.string().max(20_000).transform(cleanText),
  relevance: z.number(),
  start: position,
  end: position,
});

const message = z.object({
  id: z.string().min(1).max(200),
  parent_id: z.string().max(200).nullable(),
  role: z.enum(["user", "assistant"]),
  content: storedText,
  citations: z.array(citation).max(200).default([]),
  // What was being written when the file was made came to no end in it.
  status: z
    .enum(["running", "complete", "stopped", "interrupted", "failed"])
    .default("complete")
    .transform((status) => (status === "running" ? "interrupted" : status)),
  finish_reason: z.enum(["stop", "length", "stopped"]).nullable().catch(null),
  privacy: privacy.nullable().catch(null),
  created_at: time,
});

const whole = z.object({
  conversation: z.object({
    clone_id: z.string().max(200).nullable().catch(null),
    title: line(200).nullable().catch(null),
    system_prompt: z.string().max(8_000).transform(cleanText).nullable().catch(null),
    temperature: parameters.temperature.nullable().catch(null),
    top_p: parameters.top_p.nullable().catch(null),
    max_tokens: parameters.max_tokens.nullable().catch(null),
    reasoning_effort: parameters.reasoning_effort.nullable().catch(null),
    privacy: privacy.nullable().catch(null),
    pinned: z.boolean().catch(false),
    archived: z.boolean().catch(false),
    folder: line(80).nullable().catch(null),
    tags: z
      .array(line(40))
      .transform((tags) => [...new Set(tags.filter(Boolean))].slice(0, 20))
      .catch([]),
    head_message_id: z.string().nullable().catch(null),
    created_at: time,
    updated_at: time,
  }),
  messages: z.array(message).max(maxMessages, `A conversation may have at most ${maxMessages} messages.`),
});

/** A conversation of our own export. Throws a `ZodError` for anything else. */
export const ownConversation = whole.transform(({ conversation, messages }, context): Imported => {
  const nodes = inOrder(
    messages.map(({ id, parent_id, role, content, citations, status, finish_reason, created_at }) => ({
      id,
      parentId: parent_id,
      role,
      text: content,
      status,
      finishReason: finish_reason,
      createdAt: created_at,
      citations: citations.map(({ document_id, ...rest }) => ({ ...rest, documentId: document_id })),
    })),
  );
  if (typeof nodes === "string") {
    context.addIssue({ code: "custom", message: nodes, path: ["messages"] });
    return z.NEVER;
  }
  const refused = nodes.filter(({ text }) => text === refusedText).length;
  // One that is too long is refused alone, unless there is nothing else.
  if (refused > 0 && refused === nodes.length) {
    context.addIssue({ code: "custom", message: tooLong, path: ["messages"] });
    return z.NEVER;
  }
  return {
    title: conversation.title,
    cloneId: conversation.clone_id,
    systemPrompt: conversation.system_prompt,
    temperature: conversation.temperature,
    topP: conversation.top_p,
    maxTokens: conversation.max_tokens,
    reasoning: conversation.reasoning_effort,
    // One message that was bound binds all: its own place is not kept.
    privacy: conversation.privacy ?? (messages.some((each) => each.privacy) ? "own" : null),
    pinned: conversation.pinned,
    archived: conversation.archived,
    folder: conversation.folder,
    tags: conversation.tags,
    headId: conversation.head_message_id,
    createdAt: conversation.created_at,
    updatedAt: conversation.updated_at,
    nodes,
    leftOut: refused > 0 ? [{ what: tooLongOnes, count: refused }] : [],
  };
});
