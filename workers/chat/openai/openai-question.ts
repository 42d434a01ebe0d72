import type { LanguageModelV4Message } from "@ai-sdk/provider";
import type { CloneRow } from "../../clones/queries.ts";
import { viewerOf } from "../../knowledge/viewer.ts";
import { requireChoosable } from "../../model-access/choose-model.ts";
import { offlineExtractiveId } from "../../models/offline-ids.ts";
import { isProblem, Problem } from "../../platform/errors.ts";
import type { Context } from "../../workspaces/context.ts";
import { ownerOf } from "../access.ts";
import type { Passed } from "../answer/passing/passed.ts";
import type { HistoryMessage } from "../answer/prompt.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import { type StatelessTurn, statelessInput } from "../stateless-turn.ts";
import { UnknownModel } from "./openai-errors.ts";
import { cloneNamed } from "./openai-models.ts";

/** A message of the client’s, as models are given it. */
export type SpokenMessage = Exclude<LanguageModelV4Message, { role: "system" }>;

/** What a client asks, whichever of OpenAI’s two wires it speaks. */
export interface Question {
  model: string;
  instructions: string;
  messages: SpokenMessage[];
  sampling: TurnInput["sampling"];
  options: Passed["options"];
  isOneCall: boolean;
  /** How its wire names what may be refused. */
  names: { messages: string; format: string };
}

/** A question that may be asked: a turn whose history the client brought along. */
export interface Asked extends StatelessTurn {
  /** As the client named it. */
  model: string;
}

function invalid(path: string, message: string): Problem {
  return new Problem("validation_failed", message, { errors: [{ path, message }] });
}

type Part = Exclude<SpokenMessage["content"][number], string>;
const partsOf = ({ content }: SpokenMessage) => content as Part[];
const textOf = (message: SpokenMessage) =>
  partsOf(message)
    .flatMap((part) => (part.type === "text" ? [part.text] : []))
    .join("\n");
const picturesOf = (message: SpokenMessage) => partsOf(message).flatMap((part) => (part.type === "file" ? [part] : []));
const isOfTools = (message: SpokenMessage) => partsOf(message).some(({ type }) => type.startsWith("tool-"));

/** So many characters the messages may have together: more than any window holds. */
const mostCharacters = 2_000_000;

/** Refuses what cannot be answered, whoever is asked. */
function requireAsked({ messages, options, names }: Question): SpokenMessage {
  const last = messages.at(-1);
  const says = last && (textOf(last).trim() !== "" || picturesOf(last).length > 0);
  if (!last || last.role === "assistant" || (last.role === "user" && !says))
    throw invalid(names.messages, "The last message must be the user’s or a tool’s, and must say something.");
  if (messages.reduce((sum, message) => sum + textOf(message).length, 0) > mostCharacters)
    throw invalid(names.messages, `Use at most ${mostCharacters.toLocaleString("en")} characters in all messages.`);
  const { toolChoice, tools = [] } = options;
  if ((toolChoice?.type === "required" || toolChoice?.type === "tool") && tools.length === 0)
    throw invalid("tool_choice", "There is no tool to choose: send “tools” too.");
  if (toolChoice?.type === "tool" && !tools.some(({ name }) => name === toolChoice.toolName))
    throw invalid("tool_choice", `“tools” has no function “${toolChoice.toolName}”.`);
  return last;
}

/** Refuses tools, as `who` has none. */
function refuseTools({ messages, options, names }: Question, who: string): void {
  if (options.tools?.length) throw invalid("tools", `${who} Leave “tools” out, or name another model.`);
  const at = messages.findIndex(isOfTools);
  if (at >= 0) throw invalid(`${names.messages}.${at}.role`, `${who} Leave calls of tools and their results out.`);
}

/** Refuses what a clone does not do: it answers in words, from its documents, to a question in words. */
function requireOfClone(question: Question, last: SpokenMessage): void {
  refuseTools(question, "A clone answers from its documents and calls no tools.");
  const { messages, names } = question;
  if (textOf(last).trim() === "")
    throw invalid(names.messages, "Ask the clone something in words, also about a picture.");
  if (messages.some((message) => message !== last && picturesOf(message).length > 0))
    throw invalid(names.messages, "A clone looks at the pictures of the last message alone.");
}

/** Refuses what the built-in reader cannot do. */
function requireOfReader(question: Question): void {
  refuseTools(question, "The offline reader calls no tools.");
  const { messages, options, names } = question;
  if (messages.some((message) => picturesOf(message).length > 0))
    throw invalid(names.messages, "The offline reader sees no pictures. Name another model.");
  if (options.responseFormat)
    throw invalid(names.format, `The offline reader quotes and writes no JSON. Leave “${names.format}” out.`);
}

async function choose(ctx: Context, question: Question, last: SpokenMessage): Promise<CloneRow | null> {
  const { model } = question;
  const clone = await cloneNamed(ctx, model);
  if (clone) {
    requireOfClone(question, last);
    return clone;
  }
  if (ctx.actor.kind === "visitor") throw new UnknownModel(model);
  if (model === offlineExtractiveId) requireOfReader(question);
  await requireChoosable(ctx, { workspaceId: ownerOf(ctx).workspaceId, privacy: null }, model).catch((error) => {
    throw isProblem(error) && error.code === "validation_failed" ? new UnknownModel(model) : error;
  });
  return null;
}

function historyOf(messages: SpokenMessage[]): HistoryMessage[] {
  return messages.flatMap((message, i): HistoryMessage[] => {
    const content = textOf(message);
    const role = message.role === "assistant" ? "assistant" : "user";
    return content === "" ? [] : [{ id: String(i), role, content }];
  });
}

/** What is passed on beside words; null where there is nothing of the kind. */
function passedOf({ messages, options, isOneCall }: Question, last: SpokenMessage, isOfClone: boolean): Passed | null {
  const hasPictures = messages.some((message) => picturesOf(message).length > 0);
  const isWhole = !isOfClone && (hasPictures || options.tools !== undefined || messages.some(isOfTools));
  if (!isWhole && !hasPictures && options.responseFormat === undefined) return null;
  return { messages: isWhole ? messages : null, pictures: isWhole ? [] : picturesOf(last), options, isOneCall };
}

/** Checks what a client asks for, and makes a turn of it. Throws `UnknownModel`, `validation_failed`, `forbidden`. */
export async function askedOf(ctx: Context, question: Question): Promise<Asked> {
  const { model, instructions, messages, sampling } = question;
  const last = requireAsked(question);
  if (instructions && ctx.actor.kind === "visitor")
    throw new Problem("forbidden", "Visitors talk to the clone as its owner set it up. Leave system messages out.");
  const clone = await choose(ctx, question, last);
  const input = statelessInput(ctx, {
    workspaceId: ownerOf(ctx).workspaceId,
    clone,
    memberId: clone && viewerOf(ctx.actor, clone).memberId,
    question: textOf(last),
    systemPrompt: instructions || null,
    modelId: clone ? null : model,
    sampling,
  });
  const passed = passedOf(question, last, clone !== null);
  return { model, input, history: historyOf(messages.slice(0, -1)), ...(passed ? { passed } : {}) };
}
