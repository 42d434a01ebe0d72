import type { z } from "zod";
import { api } from "../api.ts";
import { rulesOf } from "../platform/http/operation-rules.ts";
import type { Declaration } from "../platform/operation.ts";
import type { Action } from "../workspaces/roles.ts";

type Declared = Declaration<string, z.ZodType, z.ZodType, z.ZodType> & {
  /** Undefined for what is open, or about one’s own account; null for what everybody may who is known. */
  action?: Action | null;
  begin?: unknown;
};

const named = api.routes
  .filter(({ method }) => method !== "ALL")
  .map(({ method, path, handler }) => [`${method} ${path}`, rulesOf(handler)] as [string, Declared | undefined]);

/** The addresses that nothing answers but a handler that declares nothing. */
export const undeclared = [...new Set(named.map(([route]) => route))].filter(
  (route) => !named.some(([name, declared]) => name === route && declared?.begin),
);

/** What each address declares, by its method and path. */
export const operations = new Map(
  named.flatMap(([route, declared]) => (declared?.begin ? [[route, declared] as const] : [])),
);

/** What a role has to allow, for each address where that is asked. */
export const actionOf = new Map(
  [...operations].flatMap(([route, { action }]) => (action ? [[route, action] as const] : [])),
);

/** The address that a call was for. */
export function routeOf(method: string, path: string): string | undefined {
  const plain = path.replace(/\?.*$/, "");
  const matching = [...operations.keys()].filter((route) => {
    const [of, pattern = ""] = route.split(" ");
    return of === method && new RegExp(`^${pattern.replace(/:\w+(?:\{[^}]*\})?/g, "[^/]+")}$`).test(plain);
  });
  // A word in an address goes before a name in its place.
  return matching.sort((a, b) => a.split(":").length - b.split(":").length)[0];
}
