import { z } from "zod";
import { Problem } from "../../../platform/errors.ts";
import { delay } from "../../../platform/pause.ts";
import { problemOfGarbledAnswer } from "../../failures.ts";
import type { ListedName } from "../../ports/provider.ts";
import { listWithinMs } from "../provider-fetch.ts";
import type { AiBinding } from "./binding.ts";

const listed = z.array(
  z.object({
    name: z.string(),
    task: z.object({ name: z.string() }),
    properties: z.array(z.object({ property_id: z.string(), value: z.unknown() })).default([]),
  }),
);

/** The models that Cloudflare has, as the binding lists them. */
export async function workersAiModels(ai: AiBinding): Promise<ListedName[]> {
  const said = await Promise.race([ai.models({ per_page: 1_000 }), delay(listWithinMs)]);
  if (said === undefined) throw new Problem("model_unavailable", "The model provider did not answer in time.");
  const parsed = listed.safeParse(said);
  if (!parsed.success) throw problemOfGarbledAnswer(parsed.error);
  return parsed.data.map(({ name, task, properties }) => {
    const told = new Map(properties.map(({ property_id, value }) => [property_id, String(value)]));
    const [window, tools, vision] = ["context_window", "function_calling", "vision"].map((each) => told.get(each));
    return {
      name,
      chats: task.name === "Text Generation",
      ...(window && Number(window) > 0 ? { contextWindow: Number(window) } : {}),
      ...(tools === undefined ? {} : { tools: tools === "true" }),
      ...(vision === undefined ? {} : { vision: vision === "true" }),
    };
  });
}
