import { viewerOf } from "../../knowledge/viewer.ts";
import { requireChoosable } from "../../model-access/choose-model.ts";
import { isProblem, Problem } from "../../platform/errors.ts";
import { load } from "../../platform/limits/overload.ts";
import type { Context } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import { ownerOf } from "../access.ts";
import type { HistoryMessage } from "../answer/prompt.ts";
import { statelessInput } from "../stateless-turn.ts";
import { anyQuery, type Completion, type CompletionInput, completionInput, openaiTags } from "./openai-contract.ts";
import { UnknownModel } from "./openai-errors.ts";
import { cloneNamed } from "./openai-models.ts";
import { type Asked, completeStreaming, completeWhole } from "./openai-stream.ts";

type ChatMessage = CompletionInput["messages"][number];

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
async function asked(ctx: Context, body: CompletionInput): Promise<Asked> {
  const owner = ownerOf(ctx);
  const { question, history, systemPrompt } = readMessages(ctx, body.messages);
  const clone = await cloneNamed(ctx, body.model);
  if (!clone) {
    if (ctx.actor.kind === "visitor") throw new UnknownModel(body.model);
    await requireChoosable(ctx, { workspaceId: owner.workspaceId, privacy: null }, body.model).catch((error) => {
      throw isProblem(error) && error.code === "validation_failed" ? new UnknownModel(body.model) : error;
    });
  }
  const { temperature, top_p, max_tokens, max_completion_tokens, stop, stream_options } = body;
  const input = statelessInput(ctx, {
    workspaceId: owner.workspaceId,
    clone,
    memberId: clone && viewerOf(ctx.actor, clone).memberId,
    question,
    systemPrompt,
    modelId: clone ? null : body.model,
    sampling: {
      temperature: temperature ?? undefined,
      topP: top_p ?? undefined,
      maxTokens: max_completion_tokens ?? max_tokens ?? undefined,
      stop: typeof stop === "string" ? [stop] : (stop ?? undefined),
    },
  });
  return {
    model: body.model,
    includeUsage: stream_options?.include_usage ?? false,
    input,
    history,
  };
}

/** A question that is ready to be asked of the model; `signal` ends the answer. */
export interface ReadyCompletion {
  /** Whether it is to be answered in chunks. */
  stream: boolean;
  whole(signal: AbortSignal): Promise<Completion>;
  chunks(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** Throws as `asked`. */
export const askCompletion = operation({
  summary: "Ask a clone or a model, in OpenAI’s wire",
  description:
    "`model` is `clone:` and a clone’s slug, or a model’s id. Nothing is stored: the messages are the history. With `stream`, chunks as `text/event-stream`; the last one with a `finish_reason` carries `citations`.",
  tags: openaiTags,
  action: "conversation.write",
  scope: "chat",
  limit: "chat",
  // The most that messages may hold, in a script of three bytes a character, and what stands around it.
  bodyLimit: { bytes: 2_000_000 },
  audit: { nothing: "it answers and stores nothing but the usage" },
  query: anyQuery,
  input: completionInput,
  run: (ctx, { body }) =>
    load.enter(async (): Promise<ReadyCompletion> => {
      const question = await asked(ctx, body);
      return {
        stream: body.stream ?? false,
        whole: (signal) => completeWhole(ctx, question, signal),
        chunks: (signal) => completeStreaming(ctx, question, signal),
      };
    }),
});
