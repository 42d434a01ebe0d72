import type { Model } from "../../../workers/models/contract.ts";
import { providerNames } from "../../models/provider-names.ts";

/** The models of one provider or server that answer on the same kind of machine. */
export interface ModelGroup extends Pick<Model, "provider" | "lane" | "payer"> {
  key: string;
  name: string;
  models: Model[];
}

/** Where models answer, in the order in which they are shown. */
const lanes: readonly Model["lane"][] = ["own", "cloud", "offline"];
const rankOf = ({ lane, payer }: ModelGroup) => lanes.indexOf(lane) * 2 + (payer === "workspace" ? 0 : 1);

function nameOf({ provider, lane }: Model): string {
  if (lane === "offline") return "Built in";
  // That wire is spoken by many: what stands on a machine of one's own is not OpenAI.
  if (provider === "openai" && lane === "own") return "OpenAI-compatible server";
  return providerNames[provider] ?? provider;
}

/** Models by provider and server: own machines first, and what the workspace brought before what the installation has. */
export function groupsOf(models: readonly Model[]): ModelGroup[] {
  const groups = new Map<string, ModelGroup>();
  for (const model of models) {
    const { provider, lane, payer } = model;
    const key = `${provider}-${lane}`;
    const group = groups.get(key) ?? { key, name: nameOf(model), provider, lane, payer, models: [] };
    groups.set(key, group);
    group.models.push(model);
  }
  return [...groups.values()].sort((a, b) => rankOf(a) - rankOf(b));
}

/** Those that have every word of a query in what they are called. */
export function matching(models: readonly Model[], query: string): readonly Model[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return models.filter((model) => {
    const text = `${nameOf(model)} ${model.id} ${model.offline ? "offline reader" : ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
