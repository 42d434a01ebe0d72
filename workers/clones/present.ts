import { iso } from "../platform/clock.ts";
import type { Clone, PublicClone } from "./contract.ts";
import type { ClonePriceRow } from "./price-queries.ts";
import type { CloneRow } from "./queries.ts";

/** A clone as the people of its workspace see it. */
export function presentClone(row: CloneRow, documentCount: number): Clone {
  return {
    id: row.id,
    workspace_id: row.workspaceId,
    slug: row.slug,
    name: row.name,
    description: row.description,
    instructions: row.instructions,
    greeting: row.greeting,
    starters: row.starters,
    model: row.model,
    temperature: row.temperature,
    top_p: row.topP,
    max_tokens: row.maxTokens,
    reasoning_effort: row.reasoning,
    privacy: row.privacy,
    visibility: row.visibility,
    source_access: row.sourceAccess,
    document_count: documentCount,
    created_at: iso(row.createdAt),
    updated_at: iso(row.updatedAt),
  };
}

const presentPrice = (row: ClonePriceRow): PublicClone["price"] => ({
  per_message: row.perMessage,
  per_session: row.perSession,
  session_minutes: row.sessionMinutes,
  per_expert_minute: row.perExpertMinute,
  trial_messages: row.trialMessages,
});

/** A clone as anybody who may talk to it sees it. `price`: by what they pay; null where they do not. */
export function presentPublicClone(row: CloneRow, price: ClonePriceRow | null): PublicClone {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    greeting: row.greeting,
    starters: row.starters,
    visibility: row.visibility,
    source_access: row.sourceAccess,
    price: price && presentPrice(price),
  };
}
