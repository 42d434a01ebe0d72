import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { FoundPassage } from "../../knowledge/search-knowledge.ts";
import { estimateCall } from "../../models/estimate-call.ts";
import { type CalledModel, calledModel } from "../../models/ports/called-model.ts";
import type { ChatModel, OfferedKnowledge } from "../../models/ports/chat-model.ts";
import { promptTokens } from "../../models/prompt-tokens.ts";
import type { ModelEnd } from "../../models/read-model.ts";
import type { Gathered } from "./gather.ts";
import { historyBudget, historyWindow } from "./history-policy.ts";
import { oneCallAtATime, withPassed } from "./passing/passed.ts";
import { buildPrompt } from "./prompt.ts";
import { behindSummary } from "./summary.ts";
import type { TurnInput } from "./turn-input.ts";
import type { Called, Ending } from "./turn-result.ts";

/** How a model is called for an answer. */
export interface Call {
  chat: ChatModel;
  /** How it is counted. */
  model: CalledModel;
  /** Of the last attempt: when it was made, in ms, how long the first word took, what was said, and how it ended where it did. */
  calledAt: number | null;
  firstTokenMs: number | null;
  said: string;
  end: ModelEnd | null;
  options: LanguageModelV4CallOptions;
  passages: FoundPassage[];
  estimatedPrompt: number;
  /** Whether the answer is to be JSON. */
  isJson: boolean;
}

/** What one model is asked: as much of what stands before the question as its window holds. `global` is the installation’s own instructions. */
export function prepareCall(chat: ChatModel, global: string | null, input: TurnInput, gathered: Gathered): Call {
  const { clone, history, summary: known, passages, passed } = gathered;
  const { summary, rest } = behindSummary(history, known);
  const offered = passages.map(({ filename, page, section, text, score }, i) => ({
    index: i + 1,
    source: filename,
    page,
    section,
    text,
    score,
  }));
  const parts = {
    global,
    clone,
    systemPrompt: input.systemPrompt,
    summary: summary?.text ?? null,
    passages: offered,
    question: input.question.content,
    partial: input.continued?.content ?? null,
  };
  const budget = historyBudget(chat.info.contextWindow, promptTokens(buildPrompt({ ...parts, history: [] })));
  const built = buildPrompt({ ...parts, history: historyWindow(rest, budget) });
  const prompt = passed ? withPassed(built, passed) : built;
  const knowledge: OfferedKnowledge = { question: input.question.content, passages: offered };
  const { temperature, topP, maxTokens, stop, reasoning } = input.sampling;
  return {
    chat,
    model: calledModel(chat.info, chat.connection),
    calledAt: null,
    firstTokenMs: null,
    said: "",
    end: null,
    passages,
    estimatedPrompt: promptTokens(prompt),
    isJson: passed?.options.responseFormat?.type === "json",
    options: {
      prompt,
      ...passed?.options,
      providerOptions: { understudy: knowledge, ...(passed?.isOneCall ? oneCallAtATime(chat.info.provider) : {}) },
      ...(temperature === undefined ? {} : { temperature }),
      ...(topP === undefined ? {} : { topP }),
      ...(maxTokens === undefined ? {} : { maxOutputTokens: maxTokens }),
      ...(stop === undefined ? {} : { stopSequences: stop }),
      ...(reasoning === undefined ? {} : { reasoning }),
    },
  };
}

/** What a call took: what its provider counted, where it came to its end and was, else an estimate. */
export async function countedFor(
  { model, options, said, end, estimatedPrompt, calledAt, firstTokenMs }: Call,
  now: number,
): Promise<Pick<Ending, "promptTokens" | "completionTokens"> & { called: Called }> {
  const estimated = end?.promptTokens === undefined || end.completionTokens === undefined;
  const unheard = { promptTokens: estimatedPrompt, completionTokens: 0 };
  const estimate = estimated && said !== "" ? await estimateCall(model, options.prompt, said) : unheard;
  const called = {
    model,
    cacheReadTokens: end?.cacheReadTokens ?? null,
    cacheWriteTokens: end?.cacheWriteTokens ?? null,
    reasoningTokens: end?.reasoningTokens ?? null,
    estimated,
    durationMs: end?.durationMs ?? (calledAt === null ? null : now - calledAt),
    firstTokenMs: end?.firstTokenMs ?? firstTokenMs,
  };
  const { promptTokens = estimate.promptTokens, completionTokens = estimate.completionTokens } = end ?? {};
  return { promptTokens, completionTokens, called };
}
