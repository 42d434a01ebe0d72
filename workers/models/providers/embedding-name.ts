/** What a name of an embedding model asks for. */
interface AskedName {
  /** The model's own name. */
  model: string;
  /** How many numbers a vector shall have; null for as many as the model usually gives. */
  dimensions: number | null;
}

/** Reads `name?dimensions=768`: another size makes other vectors, so that it is part of the name that an index keeps. */
export function parsedName(name: string): AskedName {
  const [, model = name, digits] = /^(.+)\?dimensions=([1-9]\d{0,4})$/.exec(name) ?? [];
  return { model, dimensions: digits === undefined ? null : Number(digits) };
}
