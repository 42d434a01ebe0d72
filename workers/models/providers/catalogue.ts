import type { ModelFacts, ModelInfo } from "../ports/chat-model.ts";
import type { Connection } from "../ports/connection.ts";
import type { ListedName } from "../ports/provider.ts";

/** What is known of a family of models before one is called. */
interface Family extends ModelFacts {
  prefix: string;
}

const family = (prefix: string, contextWindow: number, vision: boolean, tools = true): Family => ({
  prefix,
  contextWindow,
  vision,
  tools,
});

/** Longer prefixes stand first: the first that fits is taken. */
const families: readonly Family[] = [
  family("gpt-5", 400_000, true),
  family("gpt-4.1", 1_047_576, true),
  family("gpt-4o", 128_000, true),
  family("gpt-4-turbo", 128_000, true),
  family("gpt-4", 8_192, false),
  family("gpt-3.5", 16_385, false),
  family("gpt-oss", 131_072, false),
  family("o1-mini", 128_000, false, false),
  family("o1", 200_000, true),
  family("o3-mini", 200_000, false),
  family("o3", 200_000, true),
  family("o4-mini", 200_000, true),
  family("chatgpt-4o", 128_000, true, false),
  family("gemini", 1_048_576, true),
  family("claude", 200_000, true),
  family("llama-4", 1_000_000, true),
  family("llama4", 1_000_000, true),
  family("llama-3.2-vision", 131_072, true),
  family("llama3.2-vision", 131_072, true),
  family("llama-3.1", 131_072, false),
  family("llama-3.2", 131_072, false),
  family("llama-3.3", 131_072, false),
  family("llama3.1", 131_072, false),
  family("llama3.2", 131_072, false),
  family("llama3.3", 131_072, false),
  family("llama3", 8_192, false, false),
  family("qwen3", 40_960, false),
  family("qwen2.5", 32_768, false),
  family("mistral-large", 131_072, false),
  family("mistral-small", 131_072, true),
  family("gemma3", 131_072, true, false),
  family("phi4", 16_384, false, false),
  family("deepseek", 65_536, false),
];

/** Names that a server lists beside its chat models, and which cannot chat. */
const notForChat =
  /embed|whisper|tts|dall-e|moderation|transcribe|realtime|image|sora|rerank|bge-|minilm|davinci|babbage|speech/i;

/** The window, in tokens, that is assumed of a model nobody has heard of. */
const usualWindow = 32_768;

/** Window and abilities of a model by its provider's own name; publishers' folders (`meta-llama/…`) are looked past. */
function knownOf(name: string): ModelFacts {
  const bare = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  const found = families.find(({ prefix }) => bare.startsWith(prefix));
  return {
    contextWindow: found?.contextWindow ?? usualWindow,
    vision: found?.vision ?? false,
    tools: found?.tools ?? false,
  };
}

export function isChatModelName(name: string): boolean {
  return !notForChat.test(name);
}

/** What can be said of a provider's model: what the provider says of it, and by its name. */
export function infoOf({ provider, lane }: Connection, name: string, said?: ListedName): ModelInfo {
  const known = knownOf(name);
  return {
    id: `${provider}/${name}`,
    provider,
    name,
    lane: said?.isRemote ? "cloud" : lane,
    contextWindow: said?.contextWindow ?? known.contextWindow,
    vision: said?.vision ?? known.vision,
    tools: said?.tools ?? known.tools,
    price: null,
    offline: false,
  };
}
