import type { z } from "zod";
import type { visitorToken } from "../../workers/clones/contract.ts";
import { problemOf } from "../api-problem.ts";
import { readApi } from "../call-api.ts";

type VisitorToken = z.output<typeof visitorToken>;

const visitorKey = "understudy:visitor";

/** True where this browser's cookie makes it the visitor of this clone. The cookie itself is out of a script's reach. */
function isVisitorOf(slug: string): boolean {
  const [of, until] = (localStorage.getItem(visitorKey) ?? "").split(" ");
  return of === slug && Number(until) > Date.now();
}

/** Makes this browser an anonymous visitor of a public clone. */
async function becomeVisitor(slug: string): Promise<void> {
  const { expires_in } = await readApi<VisitorToken>("/visitors", { method: "POST", json: { clone: slug } });
  localStorage.setItem(visitorKey, `${slug} ${Date.now() + expires_in * 1_000}`);
}

/** Makes a call for which whoever is nobody yet, or the visitor of another clone, first becomes a visitor of this one. */
export async function asVisitorOf<T>(slug: string, call: () => Promise<T>): Promise<T> {
  if (!isVisitorOf(slug)) await becomeVisitor(slug);
  try {
    return await call();
  } catch (error) {
    // The cookie may have gone without this page's knowledge.
    if (![401, 404].includes(problemOf(error).status)) throw error;
    await becomeVisitor(slug);
    return call();
  }
}
