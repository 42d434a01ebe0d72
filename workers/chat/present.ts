import { iso } from "../platform/clock.ts";
import type { StoredCitation } from "./answer/stored-citation.ts";
import type { Citation, Conversation, Message } from "./contract.ts";
import type { ConversationRow, MessageRow } from "./queries.ts";

export function presentConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    clone_id: row.cloneId,
    title: row.title,
    model: row.model,
    system_prompt: row.systemPrompt,
    temperature: row.temperature,
    top_p: row.topP,
    max_tokens: row.maxTokens,
    reasoning_effort: row.reasoning ?? null,
    privacy: row.privacy ?? null,
    document_ids: row.documentIds,
    pinned: row.pinned,
    archived: row.archived,
    folder: row.folder,
    tags: row.tags,
    head_message_id: row.headMessageId,
    created_at: iso(row.createdAt),
    updated_at: iso(row.updatedAt),
  };
}

/** What a model read and wrote, in its own tokens. */
export interface Usage {
  promptTokens: number;
  completionTokens: number;
  /** Of these, what came from the provider's cache, and what was thought; null where it does not say. */
  cachedTokens: number | null;
  reasoningTokens: number | null;
}

export const presentUsage = ({ promptTokens, completionTokens, cachedTokens, reasoningTokens }: Usage) => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  cached_tokens: cachedTokens,
  reasoning_tokens: reasoningTokens,
});

export function presentCitation(row: StoredCitation): Citation {
  return {
    index: row.index,
    document_id: row.documentId,
    source: row.source,
    page: row.page,
    section: row.section,
    quote: row.quote,
    relevance: row.relevance,
    start: row.start,
    end: row.end,
  };
}

export function presentMessage(row: MessageRow, citations: StoredCitation[]): Message {
  // Older versions stored neither of the last three.
  const { promptTokens, completionTokens, cachedTokens = null, reasoningTokens = null, microCredits = null } = row;
  const isCounted = promptTokens !== null && completionTokens !== null;
  return {
    id: row.id,
    parent_id: row.parentId,
    role: row.role,
    content: row.content,
    citations: citations.map(presentCitation),
    status: row.status,
    finish_reason: row.finishReason,
    dropped_citations: row.droppedCitations,
    error_code: row.errorCode,
    model: row.model,
    asked_model: row.askedModel ?? null,
    fallback_reason: (row.fallbackReason ?? null) as Message["fallback_reason"],
    lane: row.lane ?? null,
    privacy: row.privacy ?? null,
    reasoning: row.thoughts ?? null,
    turn_id: row.turnId,
    compare_group: row.compareGroup,
    usage: isCounted ? presentUsage({ promptTokens, completionTokens, cachedTokens, reasoningTokens }) : null,
    cost: isCounted ? { micro_credits: microCredits } : null,
    created_at: iso(row.createdAt),
  };
}
