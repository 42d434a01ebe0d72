import type { Context } from "../../workspaces/context.ts";
import { asData } from "../answer/prompt-data.ts";
import { readModel } from "../answer/read-model.ts";
import { resolveModel } from "../answer/resolve-model.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import type { TurnResult } from "../answer/turn-result.ts";
import { improveTitle } from "../queries.ts";
import { cleanTitle } from "./title.ts";

const allowance = { firstTokenMs: 20_000, stallMs: 10_000, thoughtMs: 30_000 };

/**
 * Names a conversation after its first answer, by the model that gave it. Does nothing where a person has named it, it is not at
 * its beginning, or the model is the offline reader, which writes nothing of its own.
 */
export async function suggestTitle(ctx: Context, input: TurnInput, result: TurnResult): Promise<void> {
  if (input.question.parentId !== null || !input.question.isNew || result.content.length < 40) return;
  const { info, model } = await resolveModel(ctx, input, result.model);
  if (info.offline) return;
  const asked = `Name this conversation in at most six words, in its language. Answer with the name alone.\n\nQuestion: ${asData(input.question.content.slice(0, 1_000))}\n\nAnswer: ${asData(result.content.slice(0, 1_000))}`;
  const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: asked }] }];
  let text = "";
  await readModel(model, { prompt, maxOutputTokens: 40 }, AbortSignal.timeout(30_000), allowance, {
    onText(piece) {
      text += piece;
      return text.length > 400;
    },
  });
  const title = cleanTitle(text);
  if (title) await improveTitle(ctx.db, input.conversationId, title);
}
