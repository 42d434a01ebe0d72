import type { Clone } from "../../workers/clones/contract.ts";

/** A number as it was written, with or without what parts its thousands; what is none is left to the API to refuse. */
function numberIn(form: FormData, name: string): number | null {
  const text = String(form.get(name) ?? "").trim();
  const whole = text.replaceAll(/(?<=\d)[,\s](?=\d{3}\b)/g, "");
  if (whole === "") return null;
  return Number.isNaN(Number(whole)) ? (text as unknown as number) : Number(whole);
}

/** How the clone’s model is asked; what is left empty is left to the provider. */
function parameterFields(form: FormData) {
  return {
    temperature: numberIn(form, "temperature"),
    top_p: numberIn(form, "top_p"),
    max_tokens: numberIn(form, "max_tokens"),
    reasoning_effort: (String(form.get("reasoning_effort")) || null) as Clone["reasoning_effort"],
    privacy: (form.get("privacy") as Clone["privacy"]) ?? null,
  };
}

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
    ...(form.has("reasoning_effort") ? parameterFields(form) : {}),
    ...(form.has("slug") ? { slug: text("slug") } : {}),
    ...(visibility ? { visibility } : {}),
    ...(sourceAccess ? { source_access: sourceAccess } : {}),
  };
}
