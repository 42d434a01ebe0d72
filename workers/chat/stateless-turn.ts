import { type Bill, billOf } from "../clones/bill.ts";
import type { CloneRow } from "../clones/queries.ts";
import { batch } from "../db/batch.ts";
import { confirmedCard } from "../knowledge/clone-card.ts";
import { askerOf } from "../knowledge/viewer.ts";
import { insertUsage } from "../metering/queries.ts";
import type { ToolPart } from "../models/read-model.ts";
import { newId } from "../platform/ids.ts";
import { load } from "../platform/limits/overload.ts";
import type { Context } from "../workspaces/context.ts";
import { holderOf } from "../workspaces/standing.ts";
import { type Gathered, gather, searchedBy } from "./answer/gather.ts";
import { collected } from "./answer/model-line.ts";
import type { Passed } from "./answer/passing/passed.ts";
import { CollectedCalls, type ToolCall } from "./answer/passing/tool-calls.ts";
import { settle } from "./answer/paying/settle.ts";
import type { HistoryMessage } from "./answer/prompt.ts";
import { modelLimits } from "./answer/retry-policy.ts";
import type { StoredCitation } from "./answer/stored-citation.ts";
import type { TurnInput } from "./answer/turn-input.ts";
import { resultOf, settlementOf, type TurnResult } from "./answer/turn-result.ts";
import { TurnTrace } from "./answer/turn-trace.ts";
import { usageOf } from "./answer/turn-usage.ts";
import { type AnswerSink, writeAnswer } from "./answer/write-answer.ts";

/** A turn that stands in no conversation, with the history that it brings along. */
export interface StatelessTurn {
  input: TurnInput;
  history: HistoryMessage[];
  /** What came beside the question in words. */
  passed?: Passed;
}

/** Who hears of a stateless turn's answer, piece by piece. */
interface Listener {
  onText?(text: string): void;
  onThought?(text: string): void;
  onCall?(call: ToolCall, piece: string): void;
  onGathered?(gathered: Gathered): void;
}

/** How a stateless turn ended, with what its asker is to do for the model. */
export interface StatelessResult extends TurnResult {
  calls: ToolCall[];
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
    holder: holderOf(ctx.actor),
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
async function gatherFor(ctx: Context, { input, history, passed }: StatelessTurn): Promise<Gathered> {
  const of = searchedBy(input);
  const { pipeline = null, names = new Map() } = of ? await confirmedCard(ctx, of.cloneId, askerOf(of)) : {};
  const gathered = await gather(ctx, { ...input, pipeline }, { history, summary: null }, Promise.resolve(names));
  return passed ? { ...gathered, passed } : gathered;
}

/** Collects an answer, and tells of each piece of text as it comes. */
class Collector implements AnswerSink {
  readonly citations: StoredCitation[] = [];
  readonly #calls: CollectedCalls;
  readonly #listener: Listener;
  content = "";
  thoughts = "";

  constructor(listener: Listener) {
    this.#listener = listener;
    this.#calls = new CollectedCalls((call, piece) => listener.onCall?.(call, piece));
  }

  get calls(): ToolCall[] {
    return this.#calls.all;
  }

  get hasText(): boolean {
    return this.content !== "" || this.calls.length > 0;
  }

  started(): void {}

  text(text: string): void {
    this.content += text;
    this.#listener.onText?.(text);
  }

  thought(text: string): void {
    this.thoughts += text;
    this.#listener.onThought?.(text);
  }

  tool(part: ToolPart): void {
    this.#calls.push(part);
  }

  citation(citation: StoredCitation): void {
    this.citations.push(citation);
  }
}

/** Who pays for a turn; see `billOf`. */
async function billFor(ctx: Context, input: TurnInput): Promise<Bill | null> {
  const { cloneId, clone, workspaceId, messageId } = input;
  if (ctx.config.BILLING === "off") return null;
  const of = searchedBy(input);
  const price = of ? (await confirmedCard(ctx, of.cloneId, askerOf(of))).price : null;
  const asked = clone && cloneId ? { id: cloneId, workspaceId: clone.workspaceId } : null;
  return billOf(ctx, { actor: ctx.actor, workspaceId, clone: asked, price, messageId });
}

/**
 * Answers as any turn is answered, and leaves one usage event however that ends; nothing else is stored. Aborting `signal` aborts the
 * model. The model’s faults are the result’s; throws only where the usage cannot be recorded.
 */
export async function runStatelessTurn(
  outer: Context,
  turn: StatelessTurn,
  signal: AbortSignal,
  listener: Listener = {},
): Promise<StatelessResult> {
  const input = { ...turn.input, bill: await billFor(outer, turn.input) };
  const trace = new TurnTrace(input, outer.span?.context);
  const ctx = trace.within(outer);
  const collector = new Collector(listener);
  await load.room();
  const ending = await writeAnswer(ctx, input, collector, signal, modelLimits, () => {
    const gathered = gatherFor(ctx, turn).then((found) => {
      listener.onGathered?.(found);
      return found;
    });
    return collected(ctx, input, gathered, turn.passed);
  });
  const { content, citations, calls, thoughts } = collector;
  const result = resultOf(ending, { content, citations }, null, ctx.clock.now());
  trace.end(result);
  trace.send(ctx);
  const settlement = settlementOf(input, result);
  await Promise.all([
    batch(ctx.db, insertUsage(ctx.db, [usageOf(input, result)])),
    settlement && settle(ctx, settlement),
  ]);
  return { ...result, calls, thoughts: thoughts || null };
}
