import { z } from "zod";
import { problemOfFault, problemOfGarbledAnswer } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import { identityOf, KeptReady } from "../kept-ready.ts";
import { answerWithinMs, boxJson } from "./box.ts";

/** What a box tells of one of its models. */
export interface BoxModel {
  /** Tokens of prompt and answer together, as it was trained; null where that is not said. */
  contextWindow: number | null;
  /** Null of versions that do not say. */
  capabilities: readonly string[] | null;
  family: string;
  /** The window that its owner gave it. */
  setContext: number;
  /** The window that it is loaded with; 0 where it is not. */
  loadedContext: number;
  /** Whether the box passes on what it is asked. */
  isRemote: boolean;
}

const optionalText = z.string().nullish();
const shown = z.object({
  parameters: optionalText,
  remote_host: optionalText,
  remote_model: optionalText,
  details: z.object({ family: optionalText }).nullish(),
  model_info: z.record(z.string(), z.unknown()).nullish(),
  capabilities: z.array(z.string()).nullish(),
});

const loaded = z.object({
  name: z.string(),
  size: z.number().nullish(),
  size_vram: z.number().nullish(),
  context_length: z.number().nullish(),
  expires_at: optionalText,
});
export type LoadedModel = z.output<typeof loaded>;
const loadedList = z.object({ models: z.array(loaded).nullish() });

function parsed<S extends z.ZodType>(contract: S, body: unknown): z.output<S> {
  const result = contract.safeParse(body);
  if (!result.success) throw problemOfGarbledAnswer(result.error);
  return result.data;
}

/** Whether a model answers elsewhere, by its name alone: models of Ollama's cloud are called so. */
export const isRemoteName = (name: string) => /[:-]cloud$/i.test(name);

/** Whether what a box says of a model shows that it answers elsewhere. */
export const isElsewhere = (said: {
  remote_host?: string | null | undefined;
  remote_model?: string | null | undefined;
}) => Boolean(said.remote_host || said.remote_model);

/** Refuses a model that leaves the box to whoever may not. Throws `model_unavailable`. */
export function requireStays({ isBound }: Connection, name: string, isRemote: boolean): void {
  if (!isBound || !isRemote) return;
  throw problemOfFault(
    "refused",
    `The box passes “${name}” on to a cloud, and this may not leave your own machines. Choose a model that the box has itself.`,
  );
}

/** The models that a box has loaded, with what they take. */
export async function loadedModels(connection: Connection, env: Env): Promise<LoadedModel[]> {
  const body = await boxJson(connection, env, { path: "ps" }, answerWithinMs);
  return parsed(loadedList, body).models ?? [];
}

/** Whether two names are of one model: without a tag it is the latest. */
export const isSameName = (one: string, other: string) => tagged(one) === tagged(other);
const tagged = (name: string) => (name.slice(name.lastIndexOf("/") + 1).includes(":") ? name : `${name}:latest`);

/** What a box says of a model, without asking what is loaded. */
export async function showModel(
  connection: Connection,
  env: Env,
  name: string,
): Promise<Omit<BoxModel, "loadedContext">> {
  const body = await boxJson(connection, env, { path: "show", body: { model: name } }, answerWithinMs);
  const { parameters, details, model_info, capabilities, ...rest } = parsed(shown, body);
  const window = Object.entries(model_info ?? {}).find(([key]) => key.endsWith(".context_length"))?.[1];
  return {
    contextWindow: typeof window === "number" && window > 0 ? window : null,
    capabilities: capabilities ?? null,
    family: details?.family ?? "",
    setContext: Number(/^num_ctx\s+(\d+)/m.exec(parameters ?? "")?.[1] ?? 0),
    isRemote: isRemoteName(name) || isElsewhere(rest),
  };
}

/** What is loaded changes as others ask: so long is believed what was said of it, in ms. */
const lifetime = 60_000;
const known = new KeptReady<{ at: number; model: BoxModel }>(200);

/** Has a box asked anew of a model. */
export const forgetModel = (connection: Connection, name: string): void => known.drop(identityOf(connection, name));

/** What a box says of a model that is about to be called, at most once a minute. Throws where it has none of that name. */
export async function boxModel(connection: Connection, env: Env, name: string): Promise<BoxModel> {
  const identity = identityOf(connection, name);
  const before = known.get(identity);
  if (before && Date.now() - before.at < lifetime) return before.model;
  const [said, running] = await Promise.all([
    showModel(connection, env, name),
    // Versions that do not say what is loaded are asked for as much as the prompt needs.
    loadedModels(connection, env).catch(() => []),
  ]);
  const loadedContext = running.find((each) => isSameName(each.name, name))?.context_length ?? 0;
  return known.set(identity, { at: Date.now(), model: { ...said, loadedContext } }).model;
}
