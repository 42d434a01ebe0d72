/** The models that the stand-in for Ollama has, and what it says of them. */

/** What a model is, as far as a caller is told. */
interface Model {
  capabilities: string[];
  family: string;
  window: number;
  parameters?: string;
  remote?: string;
}

const gigabyte = 1_000_000_000;
const chatting = { capabilities: ["completion", "tools"], family: "llama", window: 131_072 };

const served: Record<string, Model> = {
  "llama3.2:latest": chatting,
  "qwen3:8b": { capabilities: ["completion", "tools", "thinking"], family: "qwen3", window: 40_960 },
  "llava:7b": { capabilities: ["completion", "vision"], family: "llama", window: 32_768 },
  "nomic-embed-text:latest": { capabilities: ["embedding"], family: "nomic-bert", window: 2_048 },
  "gpt-oss:120b-cloud": { ...chatting, family: "gptoss", remote: "https://ollama.com:443" },
  // Made of a model of Ollama's cloud under a name that does not tell.
  "house-model:latest": { ...chatting, remote: "https://ollama.com:443" },
};

/** Those that a name orders: `stand-in?window=4096&can=completion,thinking&family=gptoss&num_ctx=8192&remote=1`. */
function ordered(options: URLSearchParams): Model {
  const set = options.get("num_ctx");
  return {
    capabilities: options.get("can")?.split(",") ?? chatting.capabilities,
    family: options.get("family") ?? "llama",
    window: Number(options.get("window") ?? chatting.window),
    ...(set ? { parameters: `stop    "<|end|>"\nnum_ctx                        ${set}` } : {}),
    ...(options.has("remote") ? { remote: "https://ollama.com:443" } : {}),
  };
}

const tagged = (name: string) => (name.includes(":") ? name : `${name}:latest`);

/** A model that is in memory. */
interface Loaded {
  context: number;
  until: number;
  loads: number;
}

/** What the box has on its disk and in its memory. */
export class ModelStore {
  private readonly models = new Map(Object.entries(served));
  private readonly loaded = new Map<string, Loaded>();

  /** What is known by a name; names with orders always are. */
  find(name: string): Model | undefined {
    const orders = name.indexOf("?");
    return orders < 0 ? this.models.get(tagged(name)) : ordered(new URLSearchParams(name.slice(orders + 1)));
  }

  add(name: string): void {
    this.models.set(tagged(name), this.find(name) ?? chatting);
  }

  delete(name: string): boolean {
    this.loaded.delete(tagged(name));
    return this.models.delete(tagged(name));
  }

  /** Whether a model is not loaded with this window, and now is. */
  load(name: string, context: number, keepAlive: unknown): boolean {
    const before = this.loaded.get(tagged(name));
    // For ever is 292 years, as Ollama counts.
    const minutes = typeof keepAlive === "number" && keepAlive < 0 ? 292 * 365 * 1_440 : 5;
    const isNew = before?.context !== context;
    const loads = (before?.loads ?? 0) + Number(isNew);
    this.loaded.set(tagged(name), { context, until: Date.now() + minutes * 60_000, loads });
    return isNew;
  }

  tags() {
    const models = [...this.models].map(([name, { family, remote }]) => ({
      name,
      model: name,
      modified_at: "2026-11-01T12:00:00Z",
      size: remote ? 384 : 4.7 * gigabyte,
      digest: `sha256:${name}`,
      details: { format: "gguf", family, families: [family], parameter_size: "8.0B", quantization_level: "Q4_K_M" },
      ...(remote ? { remote_host: remote, remote_model: name } : {}),
    }));
    return { models };
  }

  show(name: string) {
    const model = this.find(name);
    if (!model) return undefined;
    const { family, window, capabilities, parameters, remote } = model;
    return {
      parameters,
      details: { family, parameter_size: "8.0B", quantization_level: "Q4_K_M" },
      model_info: { "general.architecture": family, [`${family}.context_length`]: window },
      capabilities,
      ...(remote ? { remote_host: remote, remote_model: name } : {}),
    };
  }

  ps() {
    const models = [...this.loaded].map(([name, { context, until, loads }]) => ({
      name,
      model: name,
      size: 6 * gigabyte,
      size_vram: name.includes("vram=half") ? 3 * gigabyte : 6 * gigabyte,
      expires_at: new Date(until).toISOString(),
      context_length: context,
      // Not Ollama's own: how often it was loaded anew.
      loads,
    }));
    return { models };
  }
}
