import type { Config } from "../platform/config/config.ts";
import type { Runtime } from "../platform/runtime.ts";
import { offlineExtractiveId, offlineHashId } from "./offline-ids.ts";
import type { Connections } from "./ports/connection.ts";
import type { Provider, UsualModels } from "./ports/provider.ts";
import { knownProviders } from "./provider-list.ts";
import { isChatModelName } from "./providers/catalogue.ts";
import { discover } from "./providers/discovery.ts";

/** What a model is wanted for: answers, what is short and waits for nobody, pictures, vectors. */
type Job = keyof UsualModels;

/** The variables that choose a model for one job. */
const chosenBy = {
  chat: "DEFAULT_MODEL",
  fast: "FAST_MODEL",
  vision: "VISION_MODEL",
  embedding: "EMBEDDING_MODEL",
} as const satisfies Record<Job, keyof Config>;

/** What does a job where nobody chose anything; for the others, nothing does. */
const builtIn: Partial<Record<Job, string>> = { chat: offlineExtractiveId, embedding: offlineHashId };

/** The variable that an installation's model for a job comes from, for who has to mend it. */
export const variableOf = (config: Config, job: Job): keyof Config =>
  config[chosenBy[job]] === undefined && config.LLM_PROVIDER ? "LLM_PROVIDER" : chosenBy[job];

/** The name of the model that a provider does a job by: its usual one; where its list knows that it has not got it, the first of its own that can. */
async function usualName(
  { clock, env }: Runtime,
  connections: Connections,
  provider: Provider,
  job: Job,
): Promise<string | undefined> {
  const usual = provider.usual?.[job];
  // A cloud has what it usually has; what a box has, its owner chose.
  if (usual === undefined || !provider.choosesListed) return usual;
  const connection = await connections.reach(provider);
  if (!connection) return usual;
  const { listed } = await discover(provider, connection, env, clock.now());
  if (listed.size === 0 || listed.has(usual) || listed.has(`${usual}:latest`)) return usual;
  const able = [...listed.values()].filter(({ name, chats, vision }) => {
    const talks = chats ?? isChatModelName(name);
    return job === "embedding" ? !talks : talks && (job !== "vision" || vision === true);
  });
  return able[0]?.name ?? (job === "vision" ? undefined : usual);
}

/**
 * The id of the model that does a job where nobody chose one: by the job's own variable, else by `LLM_PROVIDER`, else what is built in; null
 * where nothing does. Throws nothing: whether it is there shows when it is asked.
 */
export async function modelOfJob(runtime: Runtime, connections: Connections, job: Job): Promise<string | null> {
  const { config } = runtime;
  const chosen = config[chosenBy[job]];
  if (chosen !== undefined) return chosen;
  const provider = knownProviders.find(({ name }) => name === config.LLM_PROVIDER);
  // Whoever chose what answers, and nothing for the small jobs, has these done by what answers.
  const isLeftToAnswers = job === "fast" && config.DEFAULT_MODEL !== undefined;
  const name = provider && !isLeftToAnswers ? await usualName(runtime, connections, provider, job) : undefined;
  return provider && name !== undefined ? `${provider.name}/${name}` : (builtIn[job] ?? null);
}
