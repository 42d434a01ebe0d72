import type { AuditSource } from "../../audit/record.ts";
import type { Bill } from "../../clones/bill.ts";
import type { ReasoningEffort } from "../../db/reasoning-efforts.ts";
import type { SearchConfig } from "../../knowledge/pipeline-config.ts";
import type { Privacy } from "../../model-access/use.ts";
import type { TraceContext } from "../../platform/tracing/trace-context.ts";
import type { Holder } from "../../workspaces/standing.ts";
import type { StoredCitation } from "./stored-citation.ts";

/** Of a clone, what a turn needs to know. */
export interface TurnClone {
  workspaceId: string;
  name: string;
  instructions: string;
  model: string | null;
}

/** What a turn is asked to do; kept as it is, so that a crash can be finished by another process. */
export interface TurnInput {
  turnId: string;
  conversationId: string;
  workspaceId: string;
  cloneId: string | null;
  /** The clone as it was when it was asked: read with the right to talk to it, so that the turn need not read it again. */
  clone: TurnClone | null;
  /** The member of the clone's workspace who asks, whose answers may rest on more than the public documents. */
  memberId?: string | null;
  /** Who asked: the turn is stopped where they are not let in any more. */
  holder?: Holder | null;
  /** How it searches; null is as by default. */
  pipeline: SearchConfig | null;
  documentIds: string[] | null;
  systemPrompt: string | null;
  /** The question: new with this turn, or one that stands already (regenerate, continue). */
  question: { id: string; parentId: string | null; content: string; isNew: boolean };
  /** True where the question follows the branch that is shown when the turn starts, which may be later than it was asked. */
  followsHead: boolean;
  /** The answer's message. */
  messageId: string;
  modelId: string | null;
  /** What it is bound to, by whoever bound it: nothing of it reaches another machine. Turns of older versions lack it. */
  privacy?: Privacy;
  /** Turns that answer one question side by side share the id of the first of them. */
  compareGroup: string | null;
  sampling: {
    temperature?: number | undefined;
    topP?: number | undefined;
    maxTokens?: number | undefined;
    stop?: string[] | undefined;
    reasoning?: ReasoningEffort | undefined;
  };
  /** Set where this turn goes on with an answer that was cut off. */
  continued: { content: string; citations: StoredCitation[] } | null;
  createdAt: number;
  /** Who pays for it, and what; null where nobody does. Turns of older versions lack it. */
  bill?: Bill | null;
  /** Who asked, and from where; of turns that an older version started, nobody knows. */
  source?: AuditSource;
  /** When it was asked, however long it waited since, and as part of which trace; turns of older versions do not say. */
  asked?: { at: number; trace: TraceContext | null };
}

/** The id of the model that a turn is to be answered by: its own choice, else its clone's; null for the default. */
export const modelOf = ({ modelId, clone }: Pick<TurnInput, "modelId" | "clone">): string | null =>
  modelId ?? clone?.model ?? null;

/** Whether it is asked by somebody whose model answers: of the clone's workspace, or with no clone between. Visitors are not. */
export const asksOwnModel = ({ clone, memberId }: Pick<TurnInput, "clone" | "memberId">): boolean =>
  clone === null || (memberId ?? null) !== null;

/** Whether a turn is the first, or only, one of its question: what is done once for a question, it does. */
export const leads = ({ turnId, compareGroup }: TurnInput): boolean => compareGroup === null || compareGroup === turnId;
