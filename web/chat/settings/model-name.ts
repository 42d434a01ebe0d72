import type { Model } from "../../../workers/models/contract.ts";

/** What people call a model: its id says where it is, but the built-in reader is no model of anybody’s. */
export const modelName = (id: string) => (id.startsWith("offline/") ? "Offline reader" : id);

/** The id of the model that answers where none was chosen; null where there is none. */
export const standardModelIn = (models: readonly Model[]): string | null =>
  models.find((model) => model.default)?.id ?? null;
