/** Providers for which a workspace may bring something of its own, as people call them. */
export const broughtProviders = {
  openai: "OpenAI",
  gemini: "Gemini",
  anthropic: "Anthropic",
  openrouter: "OpenRouter",
  ollama: "Ollama",
};

/** Providers, as people call them. */
export const providerNames: Record<string, string> = { ...broughtProviders, "workers-ai": "Workers AI" };
