/** A name that is longer can be chosen by nobody. */
const longestName = 200;
const mostNames = 5_000;

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a list calls a model: a name by itself, or the first of the fields that servers have for it. */
function nameOf(entry: unknown): string | null {
  const named = isFields(entry)
    ? [entry.id, entry.name, entry.model, entry.model_name, entry.model_id, entry.slug, entry.key].find(
        (value) => typeof value === "string" && value.trim() !== "",
      )
    : entry;
  const name = typeof named === "string" ? named.trim() : "";
  return name !== "" && name.length <= longestName ? name : null;
}

/** The entries of a list, bare or under the field that servers have for it: in OpenAI's wire `data`, in Ollama's and Gemini's `models`. */
function entriesIn(body: unknown, depth = 0): unknown[] | null {
  if (Array.isArray(body)) return body;
  if (!isFields(body) || depth > 1) return null;
  for (const field of ["data", "models", "result", "results", "items", "model_list"]) {
    const found = body[field];
    if (Array.isArray(found)) return found;
    if (isFields(found)) return entriesIn(found, depth + 1) ?? Object.keys(found);
  }
  // As Ollama says that it has none.
  return body.data === null || body.models === null ? [] : null;
}

/** The names in a server's list of models, in any usual shape; null where it is none. What nobody could choose is left out. */
export function namesIn(body: unknown): string[] | null {
  const entries = entriesIn(body);
  if (!entries) return null;
  const names = entries.slice(0, mostNames).flatMap((entry) => nameOf(entry) ?? []);
  return names.length === 0 && entries.length > 0 ? null : names;
}
