import { modelName } from "./model-name.ts";

/** A model’s id, of which its name is read first. */
export function ModelId({ id }: { id: string }) {
  if (id.startsWith("offline/")) return modelName(id);
  const slash = id.indexOf("/") + 1;
  return (
    <>
      <span className="text-ink-faint">{id.slice(0, slash)}</span>
      {id.slice(slash)}
    </>
  );
}
