import type { CloneRow } from "../clones/queries.ts";
import { batch } from "../db/batch.ts";
import { confirmedCard } from "../knowledge/clone-card.ts";
import { askerOf } from "../knowledge/viewer.ts";
import { insertUsage } from "../metering/queries.ts";
import { newId } from "../platform/ids.ts";
import { load } from "../platform/limits/overload.ts";
import type { Context } from "../workspaces/context.ts";
import { type Gathered, gather, searchedBy } from "./answer/gather.ts";
import type { HistoryMessage } from "./answer/prompt.ts";
import { modelLimits } from "./answer/retry-policy.ts";
import type { StoredCitation } from "./answer/stored-citation.ts";
import type { TurnInput } from "./answer/turn-input.ts";
import { resultOf, type TurnResult } from "./answer/turn-result.ts";
import { TurnTrace } from "./answer/turn-trace.ts";
import { usageOf } from "./answer/turn-usage.ts";
import { type AnswerSink, collected, writeAnswer } from "./answer/write-answer.ts";

/** A turn that stands in no conversation, with the history that it brings along. */
export interface StatelessTurn {
  input: TurnInput;
  history: HistoryMessage[];
}

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

/** What a stateless turn is asked to do. */
export function statelessInput(ctx: Context, asked: Question): TurnInput {
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
    privacy: clone?.privacy ?? null,
    compareGroup: null,
    // The question's own word counts before the clone's.
    sampling: {
      temperature: sampling.temperature ?? clone?.temperature ?? undefined,
      topP: sampling.topP ?? clone?.topP ?? undefined,
      maxTokens: sampling.maxTokens ?? clone?.maxTokens ?? undefined,
      reasoning: sampling.reasoning ?? clone?.reasoning ?? undefined,
      stop: sampling.stop,
    },
    continued: null,
    pipeline: null,
    createdAt: ctx.clock.now(),
  };
}

/** Gathers as a turn does that has been told what stands before its question. */
async function gatherFor(ctx: Context, { input, history }: StatelessTurn): Promise<Gathered> {
  const of = searchedBy(input);
  const { pipeline = null, names = new Map() } = of ? await confirmedCard(ctx, of.cloneId, askerOf(of)) : {};
  return gather(ctx, { ...input, pipeline }, { history, summary: null }, Promise.resolve(names));
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
 * Answers as any turn is answered, and leaves one usage event however that ends; nothing else is stored. Aborting `signal` aborts the
 * model. The model’s faults are the result’s; throws only where the usage cannot be recorded.
 */
export async function runStatelessTurn(
  outer: Context,
  turn: StatelessTurn,
  signal: AbortSignal,
  { onText, onGathered }: { onText?: (text: string) => void; onGathered?: (gathered: Gathered) => void } = {},
): Promise<TurnResult> {
  const { input } = turn;
  const trace = new TurnTrace(input, outer.span?.context);
  const ctx = trace.within(outer);
  const collector = new Collector(onText);
  await load.room();
  const ending = await writeAnswer(ctx, input, collector, signal, modelLimits, async () => {
    const found = await collected(ctx, input, gatherFor(ctx, turn));
    onGathered?.(found.gathered);
    return found;
  });
  const { content, citations } = collector;
  const result = resultOf(ending, { content, citations }, null, ctx.clock.now());
  trace.end(result);
  trace.send(ctx);
  await batch(ctx.db, insertUsage(ctx.db, [usageOf(input, result)]));
  return result;
}
