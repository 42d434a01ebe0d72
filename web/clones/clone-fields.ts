import type { Clone } from "../../workers/clones/contract.ts";

/** The fields that the forms about a clone hold, as the browser sends them. Values are checked by the API alone. */
export function cloneFields(form: FormData) {
  const text = (name: string) => String(form.get(name) ?? "");
  const visibility = text("visibility") as Clone["visibility"];
  const sourceAccess = text("source_access") as Clone["source_access"];
  return {
    name: text("name"),
    description: text("description"),
    instructions: text("instructions"),
    greeting: text("greeting"),
    starters: form
      .getAll("starters")
      .map((starter) => String(starter).trim())
      .filter(Boolean),
    model: text("model") || null,
    ...(form.has("slug") ? { slug: text("slug") } : {}),
    ...(visibility ? { visibility } : {}),
    ...(sourceAccess ? { source_access: sourceAccess } : {}),
  };
}
