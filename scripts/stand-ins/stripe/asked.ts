import type { Params } from "./form.ts";
import { type Kind, type Kinds, page, type StripeStore } from "./store.ts";

/** A request, as far as what answers it wants to know. */
export interface Asked {
  store: StripeStore;
  /** What stands in its path in place of the names that begin with a colon. */
  ids: string[];
  query: URLSearchParams;
  params: Params;
  /** Where the stand-in is. */
  origin: string;
  /** The connected account for which it is made. */
  account: string | null;
}

export type Routes = Record<string, (asked: Asked) => object>;

/** Those of a kind for which each of these fields has what the query says. */
export function listed<K extends Kind>(kind: K, fields: string[]) {
  return ({ store, query, ids: _ }: Asked) => {
    const fits = (object: Kinds[K]) =>
      fields.every((field) => {
        const wanted = query.get(field);
        return wanted === null || String((object as unknown as Record<string, unknown>)[field]) === wanted;
      });
    const since = Number(query.get("created[gte]") ?? 0);
    const found = store
      .all(kind)
      .filter((object) => fits(object) && Number((object as { created?: number }).created) >= since);
    return page(`/v1/${kind}s`, found as (Kinds[K] & { id: string })[], query);
  };
}

export const read =
  <K extends Kind>(kind: K) =>
  ({ store, ids: [id = ""] }: Asked) =>
    store.get(kind, id);
