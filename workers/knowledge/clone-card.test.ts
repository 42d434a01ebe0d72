import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { cloneChanged } from "../clones/clone-changes.ts";
import { cron, later, run, started } from "../personal-data/testing/erasures.ts";
import { stillHolds, tellChanged } from "../platform/changes/changes.ts";
import { createRuntime } from "../platform/runtime.ts";
import { addMember, call, jsonOf, makeClone, signUp, workspaceOf } from "../testing/client.ts";
import { eventually } from "../testing/eventually.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import { confirmedCard, forgetCard, readCard } from "./clone-card.ts";
import { purgeDeletedClones } from "./purge.ts";
import { clearedAway, fileOf, formOf, settled, upload } from "./testing/documents.ts";
import type { Asker } from "./viewer.ts";

const v1 = "/api/v1";
const runtime = createRuntime(env);
const visitor = { kind: "visitor" } as const;

/** Holds the clock that much later. */
const pass = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
afterEach(() => void vi.useRealTimers());

/** A clone with one public document and a member who has one of their own, some time after all of it was told. */
async function withCard() {
  const { token } = await signUp();
  const workspaceId = await workspaceOf(token);
  const member = await addMember({ workspaceId }, "admin");
  const { id, slug } = await makeClone(token, { visibility: "public" });
  const [open] = await upload(token, id, fileOf("open.md", "# Open\n\nA pear costs 3 coins."));
  const own = formOf(id, fileOf("own.md", "# Own\n\nA quince costs 9 coins."));
  own.set("access", "me");
  const answer = await call("POST", `${v1}/documents/upload`, {
    token: member.token,
    headers: { "X-Workspace-Id": workspaceId },
    body: own,
  });
  const { data } = await jsonOf<{ data: { id: string }[] }>(answer, 202);
  const documents = { open: open?.id ?? "", own: data[0]?.id ?? "" };
  for (const document of Object.values(documents)) {
    await settled(document === documents.open ? token : member.token, document);
    await clearedAway(document);
  }
  pass(10_000);
  const asker: Asker = { kind: "user", userId: member.userId, workspaceId };
  const known = () => readCard(runtime, id, asker);
  return { token, workspaceId, member, id, slug, documents, asker, known };
}

type Scene = Awaited<ReturnType<typeof withCard>>;

const change = (method: string, path: (scene: Scene) => string, json?: object) => async (scene: Scene) => {
  const answer = await call(method, v1 + path(scene), { token: scene.token, json });
  expect(answer.ok, await answer.text()).toBe(true);
};
const ofClone = ({ id }: Scene) => `/clones/${id}`;
const ofDocument = ({ documents }: Scene) => `/documents/${documents.open}`;

const changes: Record<string, (scene: Scene) => Promise<void>> = {
  "a clone’s settings": change("PATCH", ofClone, { instructions: "Answer in verse." }),
  "a clone’s visibility": change("PATCH", ofClone, { visibility: "private" }),
  "a clone’s address": change("PATCH", ofClone, { slug: "another-address" }),
  "the end of a clone": change("DELETE", ofClone),
  "the removal of a clone whose workspace is closed": async ({ workspaceId }) => {
    await run("UPDATE workspaces SET deleted_at = 1 WHERE id = ?", workspaceId);
    await purgeDeletedClones(runtime);
  },
  "how it searches": change("PUT", ({ id }) => `/pipeline/config?clone_id=${id}`, { retrieval: { top_k: 3 } }),
  "how it searches, from a file": async ({ token, id }) => {
    const path = `${v1}/pipeline/config?clone_id=${id}`;
    const body = "retrieval:\n  top_k: 4\n";
    const headers = { "Content-Type": "application/yaml" };
    expect((await call("PUT", path, { token, body, headers })).status).toBe(200);
  },
  "a document that is read": async ({ token, id }) => {
    const [document] = await upload(token, id, fileOf("new.md", "# New\n\nA fig costs 2 coins."));
    await settled(token, document?.id ?? "");
  },
  "a document’s name": change("PATCH", ofDocument, { filename: "renamed.md" }),
  "whom a document is for": change("PATCH", ofDocument, { access: "members" }),
  "the end of a document": change("DELETE", ofDocument),
  "a document’s new file": async (scene) => {
    const { token } = scene;
    const body = new FormData();
    body.append("file", fileOf("anew.md", "# Anew\n\nA pear costs 5 coins."));
    expect((await call("PUT", `${v1}${ofDocument(scene)}/content`, { token, body })).status).toBe(202);
    await eventually(async () => {
      const shown = await jsonOf(await call("GET", v1 + ofDocument(scene), { token }), 200);
      expect(shown).toMatchObject({ filename: "anew.md", update: null });
    });
  },
  "a new file for a document that was searchable a moment ago": async (scene) => {
    const { token, documents } = scene;
    await run("UPDATE documents SET status = 'failed' WHERE id = ?", documents.open);
    const body = new FormData();
    body.append("file", fileOf("anew.md", "# Anew\n\nA pear costs 5 coins."));
    expect((await call("PUT", `${v1}${ofDocument(scene)}/content`, { token, body })).status).toBe(202);
  },
  "the erasure of who keeps a document to themselves": async ({ member: { token, password } }) => {
    await started(await call("POST", `${v1}/me/erasure`, { token, json: { password } }));
    await cron();
    await later();
    await cron();
  },
};

describe("what a turn needs of a clone", () => {
  it("is read once, by who asks, and whole", async () => {
    const { id, documents, workspaceId, known } = await withCard();
    const { value, isFresh } = await known();
    expect(value).toMatchObject({ clone: { id, workspaceId, visibility: "public" }, pipeline: { retrieval: {} } });
    expect(isFresh).toBe(true);
    const both = [
      [documents.open, "open.md"],
      [documents.own, "own.md"],
    ];
    expect([...value.names].sort()).toEqual(both.sort());
    expect([...(await readCard(runtime, id, visitor)).value.names]).toEqual([[documents.open, "open.md"]]);
    const stranger: Asker = { kind: "user", userId: "user_other", workspaceId: "ws_other" };
    expect([...(await readCard(runtime, id, stranger)).value.names]).toEqual([[documents.open, "open.md"]]);
    // What nobody tells of is not seen: nothing is read again.
    await run("UPDATE clones SET name = 'Untold' WHERE id = ?", id);
    expect((await known()).value).toBe(value);
  });

  it.each(Object.entries(changes))("is forgotten here at once, and told to all, with %s", async (_, act) => {
    const scene = await withCard();
    const { value, relied } = await scene.known();
    expect((await scene.known()).value).toBe(value);
    expect(await stillHolds(runtime, [relied])).toBe(true);
    await act(scene);
    expect(await stillHolds(runtime, [relied])).toBe(false);
    const now = await scene.known();
    expect(now.value).not.toBe(value);
    expect(now.isFresh).toBe(true);
  });

  it("is believed for three seconds where another process changed it, and not longer", async () => {
    const { id, asker, documents } = await withCard();
    const before = await confirmedCard(runtime, id, asker);
    await run("DELETE FROM documents WHERE id = ?", documents.open);
    await tellChanged(runtime, [`clone:${id}`]);
    pass(2_900);
    expect(await confirmedCard(runtime, id, asker)).toBe(before);
    pass(200);
    expect([...(await confirmedCard(runtime, id, asker)).names.keys()]).toEqual([documents.own]);
  });

  it("is not read again for a minute where nothing is told, and then it is", async () => {
    const { id, asker, known } = await withCard();
    const before = await confirmedCard(runtime, id, asker);
    await run("UPDATE clones SET name = 'Untold' WHERE id = ?", id);
    pass(3_100);
    expect((await known()).isFresh).toBe(false);
    expect(await confirmedCard(runtime, id, asker)).toBe(before);
    expect((await known()).isFresh, "what was found to hold is believed again").toBe(true);
    pass(57_000);
    expect((await confirmedCard(runtime, id, asker)).clone?.name).toBe("Untold");
  });

  it("has no clone where its workspace is suspended, and has it again at once when that ends", async () => {
    const { id, asker, workspaceId } = await withCard();
    await confirmedCard(runtime, id, asker);
    await run("UPDATE workspaces SET suspended_at = 1 WHERE id = ?", workspaceId);
    await tellChanged(runtime, [`workspace:${workspaceId}`]);
    pass(3_100);
    expect((await confirmedCard(runtime, id, asker)).clone).toBeNull();
    await run("UPDATE workspaces SET suspended_at = NULL WHERE id = ?", workspaceId);
    expect((await confirmedCard(runtime, id, asker)).clone?.id).toBe(id);
  });

  it("is not remembered where something changed while it was read", async () => {
    const { id, known } = await withCard();
    const overtaken = known();
    const told = cloneChanged(runtime, id);
    const { value } = await overtaken;
    await told;
    expect((await known()).value).not.toBe(value);
  });

  it("is read where nobody says whether it still holds, which is logged", async () => {
    const { id, asker } = await withCard();
    await confirmedCard(runtime, id, asker);
    await run("UPDATE clones SET name = 'Untold' WHERE id = ?", id);
    pass(3_100);
    const CHANGES = {
      idFromName: () => "installation",
      get: () => ({ holds: () => Promise.reject(new Error("Down")) }),
    };
    const cutOff = createRuntime({ ...env, CHANGES: CHANGES as unknown as Env["CHANGES"] });
    expect((await confirmedCard(cutOff, id, asker)).clone?.name).toBe("Untold");
    expect(takeLoggedErrors().join()).toContain("changes_not_asked");
  });

  it("that was found not to hold goes, and what was read since stays", async () => {
    const { known } = await withCard();
    const { value } = await known();
    forgetCard(value);
    const anew = await known();
    expect(anew.value).not.toBe(value);
    forgetCard(value);
    expect((await known()).value).toBe(anew.value);
  });
});
