import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createRuntime } from "../../platform/runtime.ts";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { clearedAway, deliver, fileOf, settled, stateOf, upload } from "../testing/documents.ts";
import { ingestMessage } from "./ingest-message.ts";
import { sweepStalledDocuments } from "./ingest-queue.ts";

/** A reader that answers so; the rest of it is never asked for. */
const readerThat = (answer: () => Response | Promise<Response>): Env => ({
  ...env,
  READER: {
    async fetch(request: Request | string | URL, init?: RequestInit) {
      await new Response(init?.body).arrayBuffer();
      void request;
      return answer();
    },
  } as unknown as Fetcher,
});

const deaths: [string, () => Response | Promise<Response>][] = [
  ["is ended before it answers", () => new Response(null, { status: 502, headers: { "Reader-Died": "memory" } })],
  ["is ended by Cloudflare’s limits", () => Promise.reject(new Error("Worker exceeded CPU time limit."))],
  ["is ended in the middle of its answer", () => new Response(new Uint8Array([0, 0, 0, 0, 40, 123, 34]))],
  ["is ended before it says how it went", () => new Response(new Uint8Array())],
];

const absences: [string, () => Response | Promise<Response>][] = [
  ["cannot be reached any more", () => Promise.reject(new Error("Network connection lost."))],
  ["cannot be started", () => new Response(null, { status: 503 })],
];

/** A document that waits for its first step, as it was uploaded. */
async function waiting() {
  const { token } = await signUp();
  const clone = await makeClone(token);
  const [document] = await upload(token, clone.id, fileOf("notes.md", "# Pears\n\nPears ripen in September."));
  const id = document?.id ?? "";
  const { run_id } = await settled(token, id);
  await clearedAway(id);
  await env.DB.batch([
    env.DB.prepare("UPDATE documents SET status = 'queued', updated_at = 0 WHERE id = ?").bind(id),
    env.DB.prepare("UPDATE pipeline_runs SET status = 'running', finished_at = NULL WHERE id = ?").bind(run_id),
    env.DB.prepare("UPDATE pipeline_steps SET status = 'waiting', attempts = 0 WHERE run_id = ?").bind(run_id),
  ]);
  const row = await env.DB.prepare("SELECT clone_id, storage_key, bytes FROM documents WHERE id = ?").bind(id).first();
  const message = ingestMessage.parse({ kind: "document", document_id: id, run_id, ...row });
  return { token, id, run_id, message };
}

describe("a reader", () => {
  it.each(deaths)("that %s is asked three times, then the document says what to do", async (_, answer) => {
    const { token, id, message } = await waiting();
    const bindings = readerThat(answer);
    for (let tries = 1; tries < 3; tries++) {
      expect(await deliver(message, undefined, bindings)).toEqual({ acked: false, retried: true });
      expect((await stateOf(token, id)).status).toBe("processing");
    }
    expect(await deliver(message, undefined, bindings)).toEqual({ acked: true, retried: false });
    const { status, error } = await stateOf(token, id);
    expect({ status, code: error?.code }).toEqual({ status: "failed", code: "too_costly" });
    expect(error?.message).toMatch(/Split it into smaller files/);
    expect((await call("POST", `/api/v1/documents/${id}/retry`, { token })).status).toBe(202);
    expect((await settled(token, id)).status, "tried again by its owner").toBe("indexed");
  });

  it.each(absences)("that %s is asked again later, which is no fault of the document", async (_, answer) => {
    const { token, id, run_id, message } = await waiting();
    const bindings = readerThat(answer);
    for (let tries = 1; tries <= 4; tries++) {
      expect(await deliver(message, undefined, bindings)).toEqual({ acked: false, retried: true });
      expect((await stateOf(token, id)).status).toBe("processing");
    }
    const died = env.DB.prepare("SELECT sum(deaths) AS deaths FROM pipeline_steps WHERE run_id = ?").bind(run_id);
    expect(await died.first("deaths")).toBe(0);
    const logged = takeLoggedErrors();
    expect(logged).toHaveLength(4);
    for (const line of logged) expect(line).toMatch(/pipeline_step_failed.*What reads files/);
    expect(await deliver(message)).toEqual({ acked: true, retried: false });
    expect((await stateOf(token, id)).status).toBe("indexed");
  });

  it("that is ended once costs nothing but the time", async () => {
    const { token, id, message } = await waiting();
    await deliver(message, undefined, readerThat(deaths[0]?.[1] as () => Response));
    expect(await deliver(message)).toEqual({ acked: true, retried: false });
    expect((await stateOf(token, id)).status).toBe("indexed");
  });
});

describe("a document that takes longer than its batch waits", () => {
  it("goes on by itself, is tried again as often as others are, and then says so", async () => {
    const { token, id, message } = await waiting();
    const slow = readerThat(async () => {
      await scheduler.wait(100);
      return new Response(null, { status: 500 });
    });
    for (const tries of [4, 5]) {
      expect(await deliver({ ...message, tries }, undefined, slow, 1)).toEqual({ acked: true, retried: false });
      await eventually(async () => expect(takeLoggedErrors().join()).toContain("pipeline_step_failed"));
    }
    await eventually(async () => expect((await stateOf(token, id)).error?.code).toBe("processing_failed"));
  });

  it("is searchable in the end", async () => {
    const { token, id, message } = await waiting();
    expect(await deliver(message, undefined, env, 1)).toEqual({ acked: true, retried: false });
    expect((await settled(token, id)).status).toBe("indexed");
  });
});

describe("a run that ends while a newer one of its document goes on", () => {
  it("takes what it made itself along, and nothing of the other", async () => {
    const { token, run_id, message } = await waiting();
    const folder = `${message.storage_key}/chunks`;
    await env.DB.prepare(
      "INSERT INTO pipeline_runs (id, workspace_id, document_id, status, created_at) SELECT 'run_newer', workspace_id, document_id, 'running', created_at + 1 FROM pipeline_runs WHERE id = ?",
    )
      .bind(run_id)
      .run();
    for (const run of ["run_newer", "run_older"]) await env.UPLOADS.put(`${folder}/${run}/all`, "{}");
    expect(await deliver(message)).toEqual({ acked: true, retried: false });
    const { objects } = await env.UPLOADS.list({ prefix: folder });
    expect(objects.map(({ key }) => key)).toEqual([`${folder}/run_newer/all`]);
    expect(
      (
        await jsonOf<{ steps: { status: string }[] }>(
          await call("GET", `/api/v1/pipeline/status/${run_id}`, { token }),
          200,
        )
      ).steps.every(({ status }) => status === "succeeded"),
    ).toBe(true);
  });
});

describe("a document that was worked on when the server stopped", () => {
  /** The server stops while a step is held, and starts again. */
  async function restart(run_id: string): Promise<void> {
    await env.DB.prepare(
      "UPDATE pipeline_steps SET status = 'running', lease_until = 9e15 WHERE run_id = ? AND step = 'storage'",
    )
      .bind(run_id)
      .run();
    await sweepStalledDocuments(createRuntime(env), { atStart: true });
  }

  it("is taken up again, but not after the second time", async () => {
    const { token, id, run_id } = await waiting();
    await restart(run_id);
    expect((await settled(token, id)).status).toBe("indexed");

    const again = await waiting();
    await env.DB.prepare("UPDATE pipeline_steps SET deaths = 1 WHERE run_id = ? AND step = 'storage'")
      .bind(again.run_id)
      .run();
    await restart(again.run_id);
    const { status, error } = await stateOf(again.token, again.id);
    expect({ status, code: error?.code }).toEqual({ status: "failed", code: "too_costly" });
  });
});
