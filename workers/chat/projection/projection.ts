import type { AuditEvent, AuditSource } from "../../audit/record.ts";
import type { UsageEvent } from "../../metering/queries.ts";
import type { CitationRow, MessageRow } from "../queries.ts";
import type { Settings } from "../store/conversation-store.ts";

/** An event of a workspace's log that a turn leaves: once, whatever is repeated. */
export interface LeftEvent {
  /** Its id. */
  once: string;
  /** ms since the epoch. */
  at: number;
  workspaceId: string;
  source: AuditSource;
  event: AuditEvent;
}

/** What of a conversation D1 is to follow, as it stands when it is handed over: lists, search, exports and bills are read there. */
export interface Projection {
  conversationId: string;
  /** When the first of the changes was made, in ms. */
  since: number;
  /** Null where its settings are as D1 has them. */
  conversation: (Settings & { updatedAt: number }) | null;
  messages: MessageRow[];
  citations: CitationRow[];
  /** Ids of messages that are no more. */
  removed: string[];
  usage: UsageEvent[];
  events: LeftEvent[];
}
