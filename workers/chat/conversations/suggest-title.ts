import { callModel } from "../../model-access/call-model.ts";
import type { Context } from "../../workspaces/context.ts";
import { modelUse, resolveFastModel } from "../answer/model-use.ts";
import { asData } from "../answer/prompt-data.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import type { TurnResult } from "../answer/turn-result.ts";
import { cleanTitle } from "./title.ts";

const allowance = { firstTokenMs: 20_000, stallMs: 10_000, thoughtMs: 30_000 };

/** Whether a model shall name the conversation after this answer: its first, not a visitor's, whose clone's owner pays for what is asked and no more. */
export const needsTitle = ({ question, holder }: TurnInput, { content }: TurnResult): boolean =>
  question.parentId === null && question.isNew && holder?.kind !== "visitor" && content.length >= 40;

/** A name for a conversation from its first answer, by the model for small jobs; null where that is the offline reader, which writes nothing of its own. */
export async function suggestTitle(ctx: Context, input: TurnInput, result: TurnResult): Promise<string | null> {
  const chat = await resolveFastModel(ctx, input, result.model);
  if (!chat) return null;
  const asked = `Name this conversation in at most six words, in its language. Answer with the name alone.\n\nQuestion: ${asData(input.question.content.slice(0, 1_000))}\n\nAnswer: ${asData(result.content.slice(0, 1_000))}`;
  const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: asked }] }];
  let text = "";
  const how = { options: { prompt, maxOutputTokens: 40 }, signal: AbortSignal.timeout(30_000), allowance };
  await callModel(ctx, modelUse(input, "title"), chat, how, {
    onText(piece) {
      text += piece;
      return text.length > 400;
    },
  });
  return cleanTitle(text);
}
