import type { Conversation } from "../workers/chat/contract.ts";

/** How a conversation's model is asked. Null is as the clone, or the provider, has it. */
export type ConversationSettings = Pick<
  Conversation,
  "model" | "system_prompt" | "temperature" | "top_p" | "max_tokens" | "reasoning_effort" | "privacy"
>;

export const usualSettings: ConversationSettings = {
  model: null,
  system_prompt: null,
  temperature: null,
  top_p: null,
  max_tokens: null,
  reasoning_effort: null,
  privacy: null,
};

export function settingsOf(conversation: ConversationSettings): ConversationSettings {
  const { model, system_prompt, temperature, top_p, max_tokens, reasoning_effort, privacy } = conversation;
  return { model, system_prompt, temperature, top_p, max_tokens, reasoning_effort, privacy };
}

/** Whether anything is set. */
export function isUsual(settings: ConversationSettings): boolean {
  return Object.values(settings).every((value) => value === null);
}

/** What is set, as the API takes it for a new conversation. */
export function givenSettings(settings: ConversationSettings): Partial<ConversationSettings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
}
