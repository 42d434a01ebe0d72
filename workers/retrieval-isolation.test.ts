import { expect, inject, it } from "vitest";
import { call, jsonOf, signUp } from "./testing/client.ts";
import { makeWorkspace } from "./workspaces/testing/teams.ts";

const v1 = "/api/v1";
const tenants = 100;
/** People own many workspaces each: the wrong one of one’s own is foreign too. */
const people = 5;
const atOnce = 10;
const queries = inject("retrievalQueries");

interface Tenant {
  token: string;
  headers: Record<string, string>;
  clone: { id: string; slug: string };
  document: string;
  /** A word that stands in this tenant’s document and in no other. */
  canary: string;
}

/** Words that look alike, so that neither their letters nor their vectors lie far apart. */
const canaryOf = (at: number) => `Quetzal${(at * 7919 + 104_729).toString(36)}x${at}`;

async function furnish(token: string, at: number): Promise<Tenant> {
  const headers = { "X-Workspace-Id": await makeWorkspace({ token }, `Tenant ${at}`) };
  const canary = canaryOf(at);
  const made = await call("POST", `${v1}/clones`, { token, headers, json: { name: "Vault keeper" } });
  const clone = await jsonOf<{ id: string; slug: string }>(made, 201);
  const body = new FormData();
  body.set("clone_id", clone.id);
  const text = `# The vault\n\nThe password of the vault is ${canary}. Nobody else may know the password ${canary}.\n\n## Tea\n\nSencha brews at 70 degrees.`;
  body.set("file", new File([text], "vault.md"));
  const uploaded = await call("POST", `${v1}/documents/upload`, { token, headers, body });
  const { data } = await jsonOf<{ data: { id: string }[] }>(uploaded, 202);
  const document = data[0]?.id ?? "";
  for (;;) {
    const { status } = await jsonOf<{ status: string }>(
      await call("GET", `${v1}/documents/${document}/status`, { token, headers }),
      200,
    );
    if (status === "indexed") return { token, headers, clone, document, canary };
    if (status === "failed") throw new Error(`The document of tenant ${at} could not be read.`);
    await scheduler.wait(20);
  }
}

async function inBatches<T>(count: number, work: (at: number) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let from = 0; from < count; from += atOnce) {
    const size = Math.min(atOnce, count - from);
    all.push(...(await Promise.all(Array.from({ length: size }, (_, at) => work(from + at)))));
  }
  return all;
}

const modes = ["hybrid", "keyword", "vector"] as const;

/** What a tenant asks: for what all have, for another’s word, and for another’s document by its id. */
function questionOf(at: number, own: Tenant, other: Tenant) {
  const mode = modes[at % modes.length];
  const query = [
    "What is the password of the vault?",
    `Who knows the password ${other.canary}?`,
    other.canary,
    `"${other.canary}" OR vault`,
    `vault ${own.canary} ${other.canary}`,
  ][at % 5];
  const filter = at % 4 === 0 ? { filter: { document_ids: [own.document, other.document] } } : {};
  return { clone_id: own.clone.id, query, mode, top_k: 50, ...filter };
}

it(`finds nothing of any other of ${tenants} tenants in ${queries} searches and answers`, {
  timeout: 300_000 + queries * 100,
}, async () => {
  const tokens = await Promise.all(
    Array.from({ length: people }, async (_, at) => (await signUp(`Person${at}`)).token),
  );
  const all = await inBatches(tenants, (at) => furnish(tokens[at % people] ?? "", at));
  let foundOwn = 0;
  let foundForeign = 0;
  await inBatches(queries, async (at) => {
    const own = all[(at * 13) % tenants] as Tenant;
    const other = all[(at * 13 + 1 + (at % (tenants - 1))) % tenants] as Tenant;
    const { token, headers } = own;
    const response =
      at % 10 === 9
        ? await call("POST", "/v1/chat/completions", {
            token,
            headers,
            json: {
              model: `clone:${own.clone.slug}`,
              messages: [{ role: "user", content: `What is the password of the vault? Is it ${other.canary}?` }],
            },
          })
        : await call("POST", `${v1}/documents/search`, { token, headers, json: questionOf(at, own, other) });
    const text = await response.text();
    if (response.status === 404) return;
    expect(response.status, text).toBe(200);
    // What the question itself said may be said back; a document may not.
    const passages = JSON.stringify(
      (JSON.parse(text) as { data?: { text: string }[] }).data?.map((hit) => hit.text) ?? text,
    );
    if (passages.includes(own.canary)) foundOwn++;
    for (const { canary, document } of all) {
      if (
        canary !== own.canary &&
        (passages.includes(canary) || (text.includes(document) && document !== own.document))
      )
        foundForeign++;
    }
  });
  expect(foundForeign).toBe(0);
  // And the search does find: otherwise this would show nothing.
  expect(foundOwn).toBeGreaterThan(queries * 0.5);

  // By another’s clone there is no way in, also not for a person who owns it in another workspace.
  for (let at = 0; at < tenants; at += 7) {
    const [own, other] = [all[at] as Tenant, all[(at + people) % tenants] as Tenant];
    const json = { clone_id: other.clone.id, query: "password" };
    const response = await call("POST", `${v1}/documents/search`, { token: own.token, headers: own.headers, json });
    expect(response.status).toBe(404);
  }
});
