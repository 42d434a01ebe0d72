import type { Config } from "../platform/config/config.ts";
import type { Runtime } from "../platform/runtime.ts";
import { offlineExtractiveId, offlineHashId } from "./offline-ids.ts";
import type { Connection, Connections } from "./ports/connection.ts";
import type { ListedName, Provider, UsualModels } from "./ports/provider.ts";
import { knownProviders } from "./provider-list.ts";
import { isChatModelName } from "./providers/catalogue.ts";
import { discover } from "./providers/discovery.ts";
import { findModel } from "./providers/find-model.ts";

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

const canDo =
  (job: Job) =>
  ({ name, chats = isChatModelName(name), vision }: ListedName): boolean => {
    if (job === "embedding") return !chats;
    return chats && (job !== "vision" || vision === true);
  };

/**
 * The name of the model that a provider does a job by: its usual one. What a machine of somebody's own has, its owner chose: where its list knows that it has not got that, the first
 * that can do it.
 */
async function usualName(
  { clock, env }: Runtime,
  provider: Provider,
  connection: Connection | null,
  job: Job,
): Promise<string | undefined> {
  const usual = provider.usual?.[job];
  if (connection?.lane !== "own") return usual;
  const { listed } = await discover(provider, connection, env, clock.now());
  if (usual !== undefined && (listed.size === 0 || listed.has(usual) || listed.has(`${usual}:latest`))) return usual;
  const able = [...listed.values()]
    .filter((each) => !each.isRemote && !provider.isRemote?.(each.name))
    .find(canDo(job));
  return able?.name ?? (job === "vision" ? undefined : usual);
}

/** The model by which the owner's own machines do a job: the first that can. */
async function ownModel(runtime: Runtime, connections: Connections, job: Job): Promise<string | null> {
  for (const provider of await connections.providers()) {
    if (!(job === "embedding" ? provider.embedder : provider.chatModel)) continue;
    const connection = await connections.reach(provider);
    const name = connection ? await usualName(runtime, provider, connection, job) : undefined;
    if (name !== undefined) return `${provider.name}/${name}`;
  }
  return builtIn[job] ?? null;
}

/** The id that an installation is set up with for a job. */
async function setUp(runtime: Runtime, connections: Connections, job: Job): Promise<string | null> {
  const { config } = runtime;
  const chosen = config[chosenBy[job]];
  if (chosen !== undefined) return chosen;
  const provider = knownProviders.find(({ name }) => name === config.LLM_PROVIDER);
  // Whoever chose what answers, and nothing for the small jobs, has these done by what answers.
  const isLeftToAnswers = job === "fast" && config.DEFAULT_MODEL !== undefined;
  const name =
    provider && !isLeftToAnswers
      ? await usualName(runtime, provider, await connections.reach(provider), job)
      : undefined;
  return provider && name !== undefined ? `${provider.name}/${name}` : (builtIn[job] ?? null);
}

/**
 * The id of the model that does a job where nobody chose one: by the job's own variable, else by `LLM_PROVIDER`, else what is built in; null
 * where nothing does. What is bound to the owner's own machines has it done there. Throws nothing: whether it is there shows when it is asked.
 */
export async function modelOfJob(runtime: Runtime, connections: Connections, job: Job): Promise<string | null> {
  const id = await setUp(runtime, connections, job);
  if (!connections.isBound || id === null || id === builtIn[job]) return id;
  const found = await findModel(connections, id, job === "embedding" ? "embedder" : "chatModel");
  return found ? id : ownModel(runtime, connections, job);
}
