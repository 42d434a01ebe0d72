import type { Catalogue, Row } from "../../platform/config/config-catalogue.ts";

/** Providers that are called differently there. */
const otherNames: Record<string, string> = { gemini: "google", "workers-ai": "cloudflare-workers-ai" };

/** What is said of a model itself, and of its kind. */
export interface Found {
  row: Row;
  /** Its name in the catalogue where the row is the model's own, so that its price is too; null where only the family is known. */
  id: string | null;
}

/** The end of a name that says which day's version it is: `-2025-08-07`, `-20250929`. */
const snapshot = /-(?:\d{4}-\d{2}-\d{2}|\d{8})$/;

/** The same word however it is written: `Llama-3.3` is `llama3.3`. */
const plain = (name: string) => name.toLowerCase().replace(/(?<=[a-z])-(?=\d)/g, "");

/** Of what a name begins with, the longest; `qwen3` begins neither `qwen3.8` nor `qwen30`. */
function familyOf(models: Record<string, Row>, name: string): Row | undefined {
  const bare = plain(name.slice(name.lastIndexOf("/") + 1));
  const fitting = Object.keys(models).filter((id) => {
    const start = plain(id);
    return bare.startsWith(start) && !/^(?:\d|\.\d)/.test(bare.slice(start.length));
  });
  const [longest] = fitting.sort((a, b) => plain(b).length - plain(a).length);
  return longest === undefined ? undefined : models[longest];
}

function ownRow(models: Record<string, Row>, name: string): Found | undefined {
  for (const id of [name, name.replace(snapshot, "")]) {
    const row = Object.hasOwn(models, id) ? models[id] : undefined;
    if (row) return { row, id };
  }
}

/** What was found lately: every turn asks, and names that nobody knows are compared with all that are known. */
const found = new WeakMap<Catalogue, Map<string, Found | null>>();
const mostFound = 500;

/** What a catalogue knows of a provider's model, by its name there: its own row, else that of its family, whoever serves it. */
export function findRow(catalogue: Catalogue, provider: string, name: string): Found | null {
  let kept = found.get(catalogue);
  if (!kept || kept.size >= mostFound) {
    kept = new Map();
    found.set(catalogue, kept);
  }
  const key = `${provider}/${name}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const row = look(catalogue, provider, name) ?? null;
  kept.set(key, row);
  return row;
}

function look({ providers }: Catalogue, provider: string, name: string): Found | undefined {
  const own = (providers[provider] ?? providers[otherNames[provider] ?? ""])?.models ?? {};
  const itself = ownRow(own, name);
  if (itself) return itself;
  const all = [own, ...Object.values(providers).map(({ models }) => models)];
  const row = all.reduce<Row | undefined>((known, models) => known ?? familyOf(models, name), undefined);
  return row && { row, id: null };
}
