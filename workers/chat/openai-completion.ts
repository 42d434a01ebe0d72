import { pipelineConfigOf } from "../knowledge/pipeline/config.ts";
import { searchKnowledge } from "../knowledge/search-knowledge.ts";
import { viewerOf } from "../knowledge/viewer.ts";
import { resolveChatModel } from "../models/registry.ts";
import { estimateTokens } from "../models/tokens.ts";
import { isProblem, Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import type { Context } from "../workspaces/context.ts";
import { ownerOf } from "./access.ts";
import type { Gathered } from "./gather.ts";
import type { CompletionInput } from "./openai-contract.ts";
import { UnknownModel } from "./openai-errors.ts";
import { cloneNamed } from "./openai-models.ts";
import type { HistoryMessage } from "./prompt.ts";
import { retrievalQuery } from "./retrieval-query.ts";
import { modelLimits } from "./retry-policy.ts";
import type { StoredCitation, TurnInput, TurnResult } from "./turn-log.ts";
import { insertUsage } from "./turn-queries.ts";
import { type AnswerSink, writeAnswer } from "./write-answer.ts";

/** A completion that may begin: a turn without a conversation, whose history the client brought along. */
export interface Asked {
  /** As the client named it. */
  model: string;
  input: TurnInput;
  history: HistoryMessage[];
}

type ChatMessage = CompletionInput["messages"][number];

const searchedCharacters = 8_000;

function textOf({ content }: ChatMessage): string {
  if (typeof content === "string") return content;
  return (content ?? []).map(({ text }) => text).join("\n");
}

const isInstruction = ({ role }: ChatMessage) => role === "system" || role === "developer";

function invalidMessages(message: string): Problem {
  return new Problem("validation_failed", message, { errors: [{ path: "messages", message }] });
}

/** The client’s messages as a question, what was said before it, and instructions. */
function readMessages(ctx: Context, messages: ChatMessage[]) {
  const spoken = messages.filter((message) => !isInstruction(message));
  const question = spoken.at(-1);
  if (question?.role !== "user" || textOf(question).trim() === "") {
    throw invalidMessages("The last message must be the user’s, and must say something.");
  }
  const instructions = messages.filter(isInstruction).map(textOf).join("\n\n").trim();
  if (instructions && ctx.actor.kind === "visitor") {
    throw new Problem("forbidden", "Visitors talk to the clone as its owner set it up. Leave system messages out.");
  }
  const history = spoken.slice(0, -1).flatMap((message, i): HistoryMessage[] => {
    const content = textOf(message);
    const role = message.role === "assistant" ? "assistant" : "user";
    return content === "" ? [] : [{ id: String(i), role, content }];
  });
  return { question: textOf(question), history, systemPrompt: instructions || null };
}

/** Checks what a client asks for. Throws `UnknownModel`, `validation_failed`, `forbidden`. */
export async function askCompletion(ctx: Context, body: CompletionInput): Promise<Asked> {
  const owner = ownerOf(ctx);
  const { question, history, systemPrompt } = readMessages(ctx, body.messages);
  const clone = await cloneNamed(ctx, body.model);
  if (!clone) {
    if (ctx.actor.kind === "visitor") throw new UnknownModel(body.model);
    await resolveChatModel(ctx, body.model).catch((error) => {
      throw isProblem(error) && error.code === "validation_failed" ? new UnknownModel(body.model) : error;
    });
  }
  const { temperature, top_p, max_tokens, max_completion_tokens, stop } = body;
  const input: TurnInput = {
    turnId: newId("turn"),
    conversationId: newId("completion"),
    workspaceId: owner.workspaceId,
    cloneId: clone?.id ?? null,
    memberId: clone && viewerOf(ctx.actor, clone).memberId,
    clone,
    documentIds: null,
    systemPrompt,
    question: { id: newId("message"), parentId: null, content: question, isNew: true },
    followsHead: false,
    messageId: newId("message"),
    modelId: clone ? null : body.model,
    compareGroup: null,
    sampling: {
      temperature: temperature ?? undefined,
      topP: top_p ?? undefined,
      maxTokens: max_completion_tokens ?? max_tokens ?? undefined,
      stop: typeof stop === "string" ? [stop] : (stop ?? undefined),
    },
    continued: null,
    pipeline: null,
    createdAt: ctx.clock.now(),
  };
  return { model: body.model, input, history };
}

async function collect(ctx: Context, { input, history }: Asked): Promise<Gathered> {
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
  readonly #onText: (text: string) => void;
  content = "";

  constructor(onText: (text: string) => void) {
    this.#onText = onText;
  }

  get hasText(): boolean {
    return this.content !== "";
  }

  started(): void {}

  text(text: string): void {
    this.content += text;
    this.#onText(text);
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
  asked: Asked,
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<TurnResult> {
  const collector = new Collector(onText);
  const ending = await writeAnswer(ctx, asked.input, collector, signal, modelLimits, () => collect(ctx, asked));
  const { content, citations } = collector;
  const completionTokens = ending.completionTokens || estimateTokens(content);
  const result = { ...ending, content, citations, completionTokens, endedAt: ctx.clock.now() };
  await insertUsage(ctx.db, asked.input, result);
  return result;
}
