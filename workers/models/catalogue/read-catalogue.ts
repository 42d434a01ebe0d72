import { type Catalogue, parseCatalogue } from "../../platform/config/config-catalogue.ts";
import type { Runtime } from "../../platform/runtime.ts";
import known from "./catalogue.json" with { type: "json" };

/** The catalogues that hold, the operator's first. */
export interface Catalogues {
  operator: Catalogue | null;
  own: Catalogue;
}

/** Where what the operator's address said last is kept. */
const fileName = "model-catalogue.json";
/** For how long a process goes by what it has read of that, in ms. */
const lifetime = 10 * 60_000;
/** All of models.dev is about 5 MB. */
const mostBytes = 16_000_000;
const fetchWithinMs = 30_000;

// Not fetched when it is needed: several conversations' objects would wait for one another's import then.
const own = known as Catalogue;
let kept: { url: string; at: number; rows: Catalogue | null } | undefined;

/** What the cron has brought from an address; nothing as long as it has not. */
async function broughtFrom(url: string, { env, clock }: Runtime): Promise<Catalogue | null> {
  const now = clock.now();
  if (kept?.url === url && now - kept.at < lifetime) return kept.rows;
  const file = await env.UPLOADS.get(fileName);
  const rows = file?.customMetadata?.url === url ? ((await file.json()) as Catalogue) : null;
  kept = { url, at: now, rows };
  return rows;
}

/** What is known of models. */
export async function readCatalogues(runtime: Runtime): Promise<Catalogues> {
  const { MODEL_CATALOGUE: set } = runtime.config;
  if (!set) return { operator: null, own };
  return { operator: "rows" in set ? set.rows : await broughtFrom(set.url, runtime), own };
}

/** Brings the operator's catalogue from its address, once a day. Throws where there is none that can be read: what was brought before holds on. */
export async function bringCatalogue({ config, env, clock }: Runtime): Promise<void> {
  const { MODEL_CATALOGUE: set } = config;
  if (!set || !("url" in set)) return;
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  const { customMetadata: of } = (await env.UPLOADS.head(fileName)) ?? {};
  if (of?.url === set.url && of.day === today) return;
  const response = await fetch(set.url, { signal: AbortSignal.timeout(fetchWithinMs) });
  const text = response.ok && Number(response.headers.get("Content-Length")) <= mostBytes ? await response.text() : "";
  const rows = parseCatalogue(text, today);
  if (typeof rows === "string")
    throw new Error(`MODEL_CATALOGUE: ${set.url} answered ${response.status}, which ${rows}.`);
  await env.UPLOADS.put(fileName, JSON.stringify(rows), { customMetadata: { url: set.url, day: today } });
  kept = undefined;
}
