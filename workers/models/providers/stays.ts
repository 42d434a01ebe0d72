import { problemOfFault } from "../failures.ts";
import type { Connection } from "../ports/connection.ts";

/** Whether a model answers elsewhere than the machine that lists it, by its name alone: Ollama calls models of its cloud so, by its own wire and by OpenAI's. */
export const isRemoteName = (name: string) => /[:-]cloud$/i.test(name);

/** Refuses a model that leaves its machine where what is asked may not. Throws `model_unavailable`. */
export function requireStays({ isBound }: Connection, name: string, isRemote: boolean): void {
  if (!isBound || !isRemote) return;
  throw problemOfFault(
    "refused",
    `“${name}” is passed on to a cloud, and this may not leave your own machines. Choose a model that your machine has itself.`,
  );
}
