import { z } from "zod";
import { fallbackReason, lane, parameters, privacy } from "../model-access/parameters-contract.ts";
import { pageOf, pageQuery } from "../platform/http/paging.ts";
import { idPattern } from "../platform/ids.ts";
import { singleLine } from "../platform/single-line.ts";
import { cost, usage } from "./usage-contract.ts";

export const tags = ["Conversations"];
export const messageTags = ["Messages"];

export const messageId = z
  .string()
  .regex(idPattern("message"), "Use “msg_” and a ULID or UUID.")
  .describe("The client's own id: sending it twice runs the turn once.");

const title = singleLine({ most: 200, missing: "A title cannot be empty." });
const modelId = z.string().trim().min(1, "Name a model.").max(200, "A model’s id has at most 200 characters.");
const systemPrompt = z.string().max(8_000, "Use at most 8,000 characters.");

export const createConversationInput = z.strictObject({
  workspace_id: z.string().optional(),
  clone_id: z.string().optional(),
  title: title.optional(),
  model: modelId.optional(),
  system_prompt: systemPrompt.optional(),
  temperature: parameters.temperature.optional(),
  top_p: parameters.top_p.optional(),
  max_tokens: parameters.max_tokens.optional(),
  reasoning_effort: parameters.reasoning_effort.optional(),
  privacy: privacy.optional(),
  document_ids: z.array(z.string()).max(100).optional(),
});

export const updateConversationInput = z
  .strictObject({
    title,
    model: modelId.nullable(),
    system_prompt: systemPrompt.nullable(),
    temperature: parameters.temperature.nullable(),
    top_p: parameters.top_p.nullable(),
    max_tokens: parameters.max_tokens.nullable(),
    reasoning_effort: parameters.reasoning_effort.nullable(),
    privacy: privacy.nullable(),
    pinned: z.boolean(),
    archived: z.boolean(),
    folder: singleLine({ most: 80, tooLong: "A folder’s name has at most 80 characters." }).nullable(),
    tags: z
      .array(singleLine({ most: 40, tooLong: "A tag has at most 40 characters.", missing: "A tag cannot be empty." }))
      .max(20, "Use at most 20 tags."),
    head_message_id: z.string().describe("Shows the branch that ends here."),
  })
  .partial();

export const conversation = z.object({
  id: z.string(),
  clone_id: z.string().nullable(),
  title: z.string(),
  model: z.string().nullable(),
  system_prompt: z.string().nullable(),
  temperature: z
    .number()
    .nullable()
    .describe("For its questions that say nothing else, as are the next two; null: the provider’s."),
  top_p: z.number().nullable(),
  max_tokens: z.number().int().nullable(),
  reasoning_effort: parameters.reasoning_effort.nullable(),
  privacy: privacy.nullable(),
  document_ids: z.array(z.string()).nullable(),
  pinned: z.boolean(),
  archived: z.boolean(),
  folder: z.string().nullable(),
  tags: z.array(z.string()),
  head_message_id: z.string().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type Conversation = z.output<typeof conversation>;
export const conversationPage = pageOf(conversation);

export const droppedCitations = z
  .number()
  .int()
  .describe("Citations that were left out, because the passage they named does not say what the sentence says.");

/** The data of a `citation` event, and of a message's `citations`. */
export const citation = z.object({
  index: z.number().int().positive(),
  document_id: z.string(),
  source: z.string().describe("The document's file name."),
  page: z.number().int().nullable(),
  section: z.string().nullable(),
  quote: z.string(),
  relevance: z.number(),
  start: z.number().int(),
  end: z.number().int(),
});
export type Citation = z.output<typeof citation>;

export const messageStatus = z.enum(["running", "complete", "stopped", "interrupted", "failed"]);

export const message = z.object({
  id: z.string(),
  parent_id: z.string().nullable(),
  role: z.enum(["user", "assistant"]),
  content: z.string(),
  citations: z.array(citation),
  status: messageStatus,
  finish_reason: z.string().nullable(),
  dropped_citations: droppedCitations,
  error_code: z.string().nullable(),
  model: z.string().nullable().describe("What answered."),
  asked_model: z
    .string()
    .nullable()
    .describe("What was asked for, where another answered; `fallback_reason` says why."),
  fallback_reason: fallbackReason.nullable(),
  lane: lane.nullable(),
  privacy: privacy.nullable().describe("What it was bound to when it was asked; what follows it is bound so too."),
  reasoning: z.string().nullable().describe("What the model thought aloud."),
  turn_id: z.string().nullable(),
  compare_group: z.string().nullable(),
  usage: usage.nullable(),
  cost: cost.nullable(),
  created_at: z.iso.datetime(),
});
export type Message = z.output<typeof message>;
export const messageTree = z.object({ data: z.array(message), next_cursor: z.string().nullable() });

/** How a model is asked: which, and with which parameters. Default: what the conversation says. */
export const sampling = {
  model: modelId.optional(),
  temperature: parameters.temperature.optional(),
  top_p: parameters.top_p.optional(),
  max_tokens: parameters.max_tokens.optional(),
  reasoning_effort: parameters.reasoning_effort.optional(),
  privacy: privacy.optional(),
};

export const sendMessageInput = z.strictObject({
  id: messageId.optional(),
  content: z.string().trim().min(1, "Write a message first.").max(32_000, "Use at most 32,000 characters."),
  parent_id: z
    .string()
    .nullable()
    .optional()
    .describe("The message this one follows; null starts a new branch at the top. Default: the branch shown."),
  queue: z
    .boolean()
    .default(false)
    .describe("Lets the question wait where an answer is being written; it is asked by itself when its turn comes."),
  ...sampling,
});

export const compareInput = sendMessageInput.omit({ model: true, queue: true }).extend({
  models: z
    .array(modelId)
    .min(2, "Name at least two models.")
    .max(4, "Compare at most four models.")
    .refine((models) => new Set(models).size === models.length, "Name each model once."),
});

export const regenerateInput = z.strictObject({ message_id: z.string(), ...sampling });
export const continueInput = z.strictObject({ message_id: z.string() });

export const listConversationsQuery = pageQuery.extend({
  clone_id: z.string().optional(),
  archived: z.enum(["true", "false"]).default("false"),
  folder: z.string().max(80).optional(),
  tag: z.string().max(40).optional(),
});

const label = z.object({ name: z.string(), conversations: z.number().int() });
/** The folders and tags that somebody's conversations are filed under, by name. */
export const conversationLabels = z.object({ folders: z.array(label), tags: z.array(label) });
export type ConversationLabels = z.output<typeof conversationLabels>;

export const resumeQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe("The id of the last event seen; the header Last-Event-ID says the same."),
  turn_id: z.string().optional().describe("Default: the turn that runs, or the last one."),
});

/** What a turn answers with where the client asks for JSON instead of a stream. */
export const turnResult = z.object({ turn_id: z.string(), user_message_id: z.string(), message });

/** Answers side by side, in the order of the models that were named. */
export const compareResult = z.object({
  compare_group: z.string(),
  user_message_id: z.string(),
  data: z.array(message),
});

export const forkInput = z.strictObject({ message_id: z.string().describe("The last message to take along.") });

export const deleteConversationsInput = z.strictObject({
  ids: z.array(z.string()).min(1, "Name at least one conversation.").max(100, "Delete at most 100 at once."),
});
export const archiveConversationsInput = z.strictObject({
  ids: z.array(z.string()).min(1, "Name at least one conversation.").max(100, "Archive at most 100 at once."),
  archived: z.boolean().default(true).describe("False takes them out of the archive."),
});
export const archivedCount = z.object({ changed: z.number().int().describe("How many of them are yours.") });
export const deletedCount = z.object({ deleted: z.number().int() });

/** A question that waits for its turn. */
export const waitingQuestion = z.object({
  turn_id: z.string(),
  user_message_id: z.string(),
  message_id: z.string(),
  content: z.string(),
  created_at: z.iso.datetime(),
});
export const waitingQuestions = z.object({ data: z.array(waitingQuestion), next_cursor: z.string().nullable() });

export const searchMessagesInput = z.strictObject({
  query: z.string().max(500, "Use at most 500 characters."),
  limit: z.number().int().min(1).max(50).default(20),
});
export const foundMessage = z.object({
  conversation_id: z.string(),
  title: z.string(),
  message_id: z.string(),
  role: z.enum(["user", "assistant"]),
  snippet: z.string().describe("Plain text."),
  matches: z
    .array(z.object({ start: z.number().int(), end: z.number().int() }))
    .describe("What was found, as offsets into `snippet`."),
  created_at: z.iso.datetime(),
});
export type FoundMessage = z.output<typeof foundMessage>;
export const foundMessages = z.object({ data: z.array(foundMessage), next_cursor: z.null() });

export const exportQuery = z.strictObject({ format: z.enum(["json", "markdown", "pdf"]).default("json") });

/** A conversation with its whole tree, as it is taken out and brought in. */
export const wholeConversation = z.object({ conversation, messages: z.array(message) });
export type WholeConversation = z.output<typeof wholeConversation>;
export const conversationExport = wholeConversation.extend({
  format: z.literal("understudy.conversation"),
  version: z.literal(1),
  exported_at: z.iso.datetime(),
});
export const libraryExport = z.object({
  format: z.literal("understudy.conversations"),
  version: z.literal(1),
  exported_at: z.iso.datetime(),
  conversations: z.array(wholeConversation),
});

export const importInput = z.strictObject({ file: z.instanceof(Blob, { error: "Send one file in this field." }) });
export const importedConversations = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      messages: z.number().int(),
      left_out: z
        .array(z.object({ what: z.string(), count: z.number().int() }))
        .describe("What of the file is not in it, such as “thoughts” or “pictures and files”, and how much of that."),
    }),
  ),
});
