import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { FoundPassage } from "../../knowledge/search-knowledge.ts";
import type { ChatModel, OfferedKnowledge } from "../../models/ports/chat-model.ts";
import type { Gathered } from "./gather.ts";
import { historyBudget, historyWindow } from "./history-policy.ts";
import { oneCallAtATime, withPassed } from "./passing/passed.ts";
import { buildPrompt, promptTokens } from "./prompt.ts";
import { behindSummary } from "./summary.ts";
import type { TurnInput } from "./turn-input.ts";

/** How a model is called for an answer. */
export interface Call {
  chat: ChatModel;
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
