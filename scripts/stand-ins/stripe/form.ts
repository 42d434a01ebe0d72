import { invalid } from "./failure.ts";

/** What came with a request: nested, as Stripe's forms are. */
export interface Params {
  [name: string]: string | number | boolean | null | undefined | Params | (string | Params)[];
}

type Node = Map<string, Node | string>;

/** Objects whose names are numbers are lists. */
function plain(node: Node): Params | (string | Params)[] {
  const entries = [...node].map(([name, value]) => [name, typeof value === "string" ? value : plain(value)] as const);
  const isList = entries.length > 0 && entries.every(([name]) => /^\d*$/.test(name));
  return isList ? entries.map(([, value]) => value as string | Params) : Object.fromEntries(entries);
}

/** `a[b][0]=c` as `{a: {b: ["c"]}}`. */
export function parseForm(text: string): Params {
  const root: Node = new Map();
  for (const [key, value] of new URLSearchParams(text)) {
    const names = key.replaceAll("]", "").split("[");
    let node = root;
    for (const name of names.slice(0, -1)) {
      const inner = node.get(name);
      const next: Node = inner instanceof Map ? inner : new Map();
      node.set(name, next);
      node = next;
    }
    const last = names.at(-1) ?? "";
    node.set(last === "" ? String(node.size) : last, value);
  }
  return plain(root) as Params;
}

export const textIn = (params: Params, name: string): string | null => {
  const value = params[name];
  return value === undefined || value === null || value === "" ? null : String(value);
};

/** A field that has to be there. */
export function requiredIn(params: Params, name: string): string {
  const value = textIn(params, name);
  if (value === null) throw invalid(`Missing required param: ${name}.`, { code: "parameter_missing", param: name });
  return value;
}

/** A whole number, or null where there is none. */
export function wholeIn(params: Params, name: string): number | null {
  const value = textIn(params, name);
  if (value === null) return null;
  if (!/^\d+$/.test(value))
    throw invalid(`Invalid integer: ${value}`, { code: "parameter_invalid_integer", param: name });
  return Number(value);
}

/** An amount in the currency's smallest unit. */
export function amountIn(params: Params, name: string): number {
  requiredIn(params, name);
  const amount = wholeIn(params, name) ?? 0;
  if (amount < 1) throw invalid("This value must be greater than or equal to 1.", { param: name });
  return amount;
}

export const isSet = (params: Params, name: string) => String(params[name]) === "true";

export const paramsIn = (params: Params, name: string): Params => {
  const value = params[name];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
};

export const listIn = (params: Params, name: string): (string | Params)[] => {
  const value = params[name];
  return Array.isArray(value) ? value : [];
};

/** Names and texts that an object carries for whoever made it. */
export const metadataIn = (params: Params): Record<string, string> =>
  Object.fromEntries(Object.entries(paramsIn(params, "metadata")).map(([name, value]) => [name, String(value)]));
