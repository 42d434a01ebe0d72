import type { CloneRow } from "../clones/queries.ts";
import { pipelineConfigOf } from "../knowledge/pipeline-config.ts";
import { searchKnowledge } from "../knowledge/search-knowledge.ts";
import { newId } from "../platform/ids.ts";
import { estimateTokens } from "../text/tokens.ts";
import type { Context } from "../workspaces/context.ts";
import type { Gathered } from "./answer/gather.ts";
import type { HistoryMessage } from "./answer/prompt.ts";
import { retrievalQuery } from "./answer/retrieval-query.ts";
import { modelLimits } from "./answer/retry-policy.ts";
import type { StoredCitation } from "./answer/stored-citation.ts";
import type { TurnInput } from "./answer/turn-input.ts";
import type { TurnResult } from "./answer/turn-result.ts";
import { type AnswerSink, writeAnswer } from "./answer/write-answer.ts";
import { insertUsage } from "./turn/turn-queries.ts";

/** A turn without a conversation, with the history that it comes with. */
export interface LoneTurn {
  input: TurnInput;
  history: HistoryMessage[];
}

const searchedCharacters = 8_000;

interface Question {
  workspaceId: string;
  clone: CloneRow | null;
  /** The member of the clone's workspace who asks. */
  memberId: string | null;
  question: string;
  systemPrompt?: string | null;
  modelId?: string | null;
  sampling?: TurnInput["sampling"];
}

/** What a turn is asked to do that stands in no conversation. */
export function loneTurn(ctx: Context, asked: Question): TurnInput {
  const { workspaceId, clone, memberId, question, systemPrompt = null, modelId = null, sampling = {} } = asked;
  return {
    turnId: newId("turn"),
    conversationId: newId("completion"),
    workspaceId,
    cloneId: clone?.id ?? null,
    memberId,
    clone,
    documentIds: null,
    systemPrompt,
    question: { id: newId("message"), parentId: null, content: question, isNew: true },
    followsHead: false,
    messageId: newId("message"),
    modelId,
    compareGroup: null,
    sampling,
    continued: null,
    pipeline: null,
    createdAt: ctx.clock.now(),
  };
}

async function collect(ctx: Context, { input, history }: LoneTurn): Promise<Gathered> {
  const { clone, cloneId, question } = input;
  if (!clone || !cloneId) return { clone, history, summary: null, passages: [] };
  const previous = history.findLast(({ role }) => role === "user")?.content;
  const passages = await searchKnowledge(ctx, {
    workspaceId: clone.workspaceId,
    cloneId,
    viewer: { memberId: input.memberId ?? null },
    query: retrievalQuery(question.content.slice(0, searchedCharacters), previous),
    config: await pipelineConfigOf(ctx.db, cloneId),
  });
  return { clone, history, summary: null, passages };
}

/** Collects an answer, and tells of each piece of text as it comes. */
class Collector implements AnswerSink {
  readonly citations: StoredCitation[] = [];
  readonly #onText: ((text: string) => void) | undefined;
  content = "";

  constructor(onText: ((text: string) => void) | undefined) {
    this.#onText = onText;
  }

  get hasText(): boolean {
    return this.content !== "";
  }

  started(): void {}

  text(text: string): void {
    this.content += text;
    this.#onText?.(text);
  }

  citation(citation: StoredCitation): void {
    this.citations.push(citation);
  }
}

/**
 * Answers through the same steps as a turn, and leaves one usage event however it ends. Nothing else is stored. Aborting `signal`
 * aborts the model. The model’s faults are the result’s; throws only where the usage cannot be recorded.
 */
export async function complete(
  ctx: Context,
  asked: LoneTurn,
  signal: AbortSignal,
  { onText, onGathered }: { onText?: (text: string) => void; onGathered?: (gathered: Gathered) => void } = {},
): Promise<TurnResult> {
  const collector = new Collector(onText);
  const gathering = async () => {
    const gathered = await collect(ctx, asked);
    onGathered?.(gathered);
    return gathered;
  };
  const ending = await writeAnswer(ctx, asked.input, collector, signal, modelLimits, gathering);
  const { content, citations } = collector;
  const completionTokens = ending.completionTokens || estimateTokens(content);
  const result = { ...ending, content, citations, completionTokens, endedAt: ctx.clock.now() };
  await insertUsage(ctx.db, asked.input, result);
  return result;
}
