import { z } from "zod";
import { ownCatalogue } from "./config-catalogue.ts";
import { address, hosts, optional, seconds } from "./config-values.ts";

/** Providers that `LLM_PROVIDER` can switch every job to. */
const switchable = ["offline", "openai", "gemini", "anthropic", "openrouter", "workers-ai", "ollama"] as const;

/** A server of OpenAI's wire beside the usual one, by a name that its models' ids begin with. */
export interface NamedServer {
  name: string;
  address: string;
  apiKey: string | undefined;
}

/** How a server may be named. */
export const serverName = /^[a-z][a-z0-9-]{0,30}$/;
/** Prefixes of ids that are others' already. */
export const takenNames: ReadonlySet<string> = new Set([...switchable, "rerank", "clone", "none"]);

/** `name=address` pairs, parted by commas or spaces. */
const named = optional.transform((value, context) =>
  (value?.split(/[\s,]+/).filter(Boolean) ?? []).flatMap((each) => {
    const [, name = "", text = ""] = /^([a-z][a-z0-9-]{0,30})=(.+)$/.exec(each) ?? [];
    if (name && !takenNames.has(name) && /^https?:$/.test(URL.parse(text)?.protocol ?? ""))
      return [{ name, address: text }];
    context.addIssue({
      code: "custom",
      message: `must list servers such as lab=http://10.0.0.5:8000/v1, each with a name that no provider has, and “${each}” is none`,
    });
    return [];
  }),
);

const keys = optional.transform((value, context) =>
  (value?.split(/[\s,]+/).filter(Boolean) ?? []).flatMap((each) => {
    const at = each.indexOf("=");
    if (at > 0) return [[each.slice(0, at), each.slice(at + 1)] as const];
    context.addIssue({
      code: "custom",
      message: "must list keys such as lab=sk-…, each behind the name of its server",
    });
    return [];
  }),
);

/** For how long a model stays loaded, as Ollama takes it: `30m`, seconds, or -1 for ever. */
const keepAlive = optional.transform((value, context) => {
  if (value === undefined) return undefined;
  if (/^-?\d+$/.test(value)) return Number(value);
  if (/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(value)) return value;
  context.addIssue({ code: "custom", message: `must be a time such as 30m, or -1 for ever, and “${value}” is none` });
  return z.NEVER;
});

/** How many of something, 1 to 64. */
const count = (usual: number) =>
  optional.transform((value, context) => {
    const number = Number(value ?? usual);
    if (Number.isInteger(number) && number >= 1 && number <= 64) return number;
    context.addIssue({ code: "custom", message: `must be a whole number from 1 to 64, and “${value}” is none` });
    return z.NEVER;
  });

/** Ids of models, in order, parted by commas or spaces. */
const ids = optional.transform((value) => value?.split(/[\s,]+/).filter(Boolean) ?? []);

/** What models there are, and which of them does what. */
export const modelsShape = {
  LLM_PROVIDER: optional.pipe(z.enum(switchable, `must be one of ${switchable.join(", ")}`).optional()),
  OPENAI_API_KEY: optional,
  OPENAI_BASE_URL: address,
  GEMINI_API_KEY: optional,
  GEMINI_BASE_URL: address,
  ANTHROPIC_API_KEY: optional,
  ANTHROPIC_BASE_URL: address,
  OPENROUTER_API_KEY: optional,
  OPENROUTER_BASE_URL: address,
  OLLAMA_BASE_URL: address,
  OLLAMA_NUM_PARALLEL: count(1),
  OLLAMA_MAX_LOADED_MODELS: count(3),
  OLLAMA_KEEP_ALIVE: keepAlive,
  OLLAMA_FOUND: address,
  CF_ACCESS_CLIENT_ID: optional,
  CF_ACCESS_CLIENT_SECRET: optional,
  MODEL_SERVERS: named,
  MODEL_SERVER_KEYS: keys,
  MODEL_HOSTS: hosts,
  DEFAULT_MODEL: optional,
  FAST_MODEL: optional,
  EMBEDDING_MODEL: optional,
  VISION_MODEL: optional,
  FALLBACK_MODELS: ids,
  MODEL_CATALOGUE: ownCatalogue,
  MODEL_FIRST_TOKEN_SECONDS: seconds,
  MODEL_STALL_SECONDS: seconds,
  RERANK_BASE_URL: address,
  RERANK_API_KEY: optional,
  RERANK_MODEL: optional,
};

type ModelSettings = z.output<z.ZodObject<typeof modelsShape>>;

/** Keys need their servers, and half of a service token opens nothing. */
export function refineModels(value: ModelSettings, context: z.RefinementCtx): void {
  const issue = (path: keyof ModelSettings, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  const names = value.MODEL_SERVERS.map(({ name }) => name);
  for (const name of names.filter((each, i) => names.indexOf(each) !== i))
    issue("MODEL_SERVERS", `names “${name}” twice. Give each server a name of its own.`);
  for (const [name] of value.MODEL_SERVER_KEYS)
    if (!names.includes(name))
      issue("MODEL_SERVER_KEYS", `has a key for “${name}”, which MODEL_SERVERS does not list.`);
  const { CF_ACCESS_CLIENT_ID: id, CF_ACCESS_CLIENT_SECRET: secret } = value;
  if (id && !secret) issue("CF_ACCESS_CLIENT_SECRET", "is not set. CF_ACCESS_CLIENT_ID needs its secret.");
  if (secret && !id) issue("CF_ACCESS_CLIENT_ID", "is not set. CF_ACCESS_CLIENT_SECRET needs its client’s id.");
}

/** The servers of OpenAI's wire that stand beside the usual one, each with its key. */
export const namedServers = ({ MODEL_SERVERS, MODEL_SERVER_KEYS }: ModelSettings): NamedServer[] =>
  MODEL_SERVERS.map((server) => ({ ...server, apiKey: new Map(MODEL_SERVER_KEYS).get(server.name) }));
