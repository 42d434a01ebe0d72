/** What one choice of an answer says: pieces of thoughts and of text, in their order. */
export type Said = (kind: "text" | "reasoning", piece: string) => void;

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

const isThought = (type: unknown) => typeof type === "string" && /think|reason|thought/i.test(type);

/** Text in a string, a part, or a list of parts, which may hold thoughts among them. */
function tell(kind: "text" | "reasoning", value: unknown, said: Said): void {
  if (typeof value === "string") said(kind, value);
  // Workers AI gives words that are numbers as such.
  else if (typeof value === "number") said(kind, String(value));
  else if (Array.isArray(value)) for (const part of value) tell(kind, part, said);
  else if (isFields(value)) {
    const own = isThought(value.type) || value.thought === true ? "reasoning" : kind;
    tell(own, value.text ?? value.value ?? value.thinking ?? value.content ?? value.reasoning ?? value.summary, said);
  }
}

/**
 * Tells what a choice of a chunk says, or one of a whole answer: `delta`, `message`, or as completions have it `text`. Servers send thoughts by
 * several names, some by two at once.
 */
export function saidIn(choice: Fields, said: Said): void {
  const { delta, message } = choice;
  if (!isFields(delta) && !isFields(message)) {
    tell("text", choice.text ?? delta ?? message ?? choice.response, said);
    return;
  }
  const { content, reasoning_content, reasoning, thinking, reasoning_details, refusal, text } = (
    isFields(delta) && Object.keys(delta).length > 0 ? delta : (message ?? delta)
  ) as Fields;
  tell("reasoning", reasoning_content || reasoning || thinking || reasoning_details, said);
  tell("text", content || text, said);
  tell("text", refusal, said);
}
