import type { LanguageModelV4CallOptions, LanguageModelV4FilePart, LanguageModelV4Prompt } from "@ai-sdk/provider";

/** What a client of another wire asks beside a question in words; nothing of it is stored. */
export interface Passed {
  /** Its messages as they are, in the place of history and question; null where these hold words alone, or a clone answers. */
  messages: LanguageModelV4Prompt | null;
  /** Pictures that belong to the question. */
  pictures: LanguageModelV4FilePart[];
  options: Pick<LanguageModelV4CallOptions, "tools" | "toolChoice" | "responseFormat">;
  /** Whether it takes one call of a tool at a time. */
  isOneCall: boolean;
}

/** What a model is told of the form of its answer: not every server sees to that itself, and OpenAI’s wants it said. */
function ruleOf(format: Passed["options"]["responseFormat"]): string | null {
  if (format?.type !== "json") return null;
  const rule = "Answer with one JSON value and nothing around it. Numbers of sources stand inside its strings.";
  return format.schema ? `${rule} The value fits this JSON Schema:\n${JSON.stringify(format.schema)}` : rule;
}

/** A prompt with what its client passed on. */
export function withPassed(prompt: LanguageModelV4Prompt, passed: Passed): LanguageModelV4Prompt {
  const { messages, pictures, options } = passed;
  const rule = ruleOf(options.responseFormat);
  const system = prompt.flatMap((message) =>
    message.role === "system" ? [{ ...message, content: [message.content, rule].filter(Boolean).join("\n\n") }] : [],
  );
  if (messages) return [...system, ...messages];
  const spoken = prompt.filter(({ role }) => role !== "system");
  const last = spoken.at(-1);
  if (last?.role !== "user" || pictures.length === 0) return [...system, ...spoken];
  return [...system, ...spoken.slice(0, -1), { ...last, content: [...last.content, ...pictures] }];
}

/** How providers are told that one call of a tool at a time is to be made: the SDK has no word of its own for it. */
export const oneCallAtATime = (provider: string) => ({
  [provider]: { parallel_tool_calls: false },
  anthropic: { disableParallelToolUse: true },
});
