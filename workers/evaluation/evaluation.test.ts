import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { standIn } from "../chat/testing/turns.ts";
import { fileOf, settled, upload } from "../knowledge/testing/documents.ts";
import { createRuntime } from "../platform/runtime.ts";
import { call, jsonOf, makeClone, signUp } from "../testing/client.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import type { Question } from "./contract.ts";
import { sweepEvaluations } from "./evaluation-queue.ts";
import { evaluated } from "./testing/runs.ts";

async function withPump(fields: Record<string, unknown> = {}) {
  const { token } = await signUp();
  const clone = await makeClone(token, fields);
  const pump = "# Pump\n\nThe warranty of the pump lasts 24 months. It is blue.";
  const [document] = await upload(token, clone.id, fileOf("pump.md", pump));
  await settled(token, document?.id ?? "");
  const add = (...questions: object[]) =>
    call("POST", "/api/v1/evaluation/questions", { token, json: { clone_id: clone.id, questions } });
  const start = () => call("POST", "/api/v1/evaluation/runs", { token, json: { clone_id: clone.id } });
  const run = async () => evaluated(token, (await jsonOf<{ id: string }>(await start(), 202)).id);
  return { token, clone, add, start, run };
}

describe("an evaluation", () => {
  it("asks every question, and says what was right and what not", async () => {
    const { token, clone, add, run } = await withPump();
    const questions = [
      { question: "How long does the warranty of the pump last?", document: "pump.md", contains: [["24 months"]] },
      { question: "What colour is the pump?", document: "other.md", contains: [["green"]] },
      { question: "Who won the chess championship in Reykjavik?", unanswerable: true },
    ];
    const { data } = await jsonOf<{ data: Question[] }>(await add(...questions), 201);
    expect(data).toMatchObject(questions);
    const details = await run();
    expect(details).toMatchObject({
      questions: 3,
      answered: 3,
      failed: 0,
      right_document: { right: 1, of: 2 },
      right_page: { right: 0, of: 0 },
      right_answer: { right: 2, of: 3 },
      dropped_citations: 0,
    });
    const { citation_precision, citation_recall } = details;
    expect(citation_precision.of).toBeGreaterThan(0);
    expect(citation_precision.right).toBe(citation_precision.of);
    expect(citation_recall.right).toBe(citation_recall.of);
    expect(details.results[0]).toMatchObject({ citation_recall: { right: 1, of: 1 }, dropped_citations: 0 });
    expect(details.results.map(({ right_answer }) => right_answer)).toEqual([true, false, true]);
    expect(details.results[0]).toMatchObject({
      answer: expect.stringContaining("24 months"),
      cited: [{ source: "pump.md" }],
    });
    const list = await jsonOf(await call("GET", `/api/v1/evaluation/runs?clone_id=${clone.id}`, { token }), 200);
    expect(list).toMatchObject({ data: [{ id: details.id, status: "done" }], next_cursor: null });
    const usage = "SELECT count(*) AS n FROM usage_events WHERE clone_id = ?";
    expect(await env.DB.prepare(usage).bind(clone.id).first("n"), "every answer is counted").toBe(3);
  });

  it("keeps what it asked when the question goes afterwards", async () => {
    const { token, clone, add, run } = await withPump();
    const { data } = await jsonOf<{ data: Question[] }>(await add({ question: "What colour is the pump?" }), 201);
    const { id } = await run();
    const path = `/api/v1/evaluation/questions/${data[0]?.id}`;
    expect((await call("DELETE", path, { token })).status).toBe(204);
    expect((await call("DELETE", path, { token })).status).toBe(404);
    expect((await evaluated(token, id)).results).toMatchObject([
      { question: "What colour is the pump?", right_answer: null },
    ]);
    const left = await call("GET", `/api/v1/evaluation/questions?clone_id=${clone.id}`, { token });
    expect(await jsonOf(left, 200)).toEqual({ data: [], next_cursor: null });
  });

  it("says which questions the model gave no answer to", async () => {
    const { add, run } = await withPump({ model: standIn("fault=401") });
    await add({ question: "What colour is the pump?", contains: [["blue"]] });
    expect(await run()).toMatchObject({
      failed: 1,
      right_answer: { right: 0, of: 0 },
      results: [{ status: "failed", error: expect.stringMatching(/\w/) }],
    });
    expect(takeLoggedErrors()).toEqual([expect.stringContaining("turn_failed")]);
  });

  it("goes on where it was cut off", async () => {
    const { token, add, run } = await withPump();
    await add(
      { question: "How long does the warranty of the pump last?", contains: [["24 months"]] },
      { question: "What colour is the pump?" },
    );
    const { id } = await run();
    await env.DB.prepare(
      "UPDATE evaluation_results SET status = 'waiting', answer = NULL WHERE question LIKE '%warranty%'",
    ).run();
    await sweepEvaluations(createRuntime(env), { atStart: true });
    expect((await evaluated(token, id)).right_answer).toEqual({ right: 1, of: 1 });
  });

  it.each([
    ["without questions", [], "questions"],
    ["with an empty one", [{ question: " " }], "questions.0.question"],
    ["with a page of no document", [{ question: "A?", page: 2 }], "questions.0.document"],
    ["that is both", [{ question: "A?", unanswerable: true, contains: [["b"]] }], "questions.0.unanswerable"],
    ["with something else", [{ question: "A?", clone_id: "clone_1" }], "questions.0.clone_id"],
  ])("refuses a set %s", async (_, questions, path) => {
    const { add } = await withPump();
    const problem = await jsonOf<{ errors: { path: string }[] }>(await add(...questions), 422);
    expect(problem.errors.map((each) => each.path)).toContain(path);
  });

  it.each<[string, string, object | undefined, string]>([
    ["GET", "questions?clone_id=c&page=1", undefined, "page"],
    ["GET", "runs?clone_id=c&status=done", undefined, "status"],
    ["GET", "runs/eval_1?results=no", undefined, "results"],
    ["POST", "questions", { clone_id: "c", questions: [{ question: "A?" }], tags: [] }, "tags"],
    ["POST", "runs", { clone_id: "c", model: "m" }, "model"],
    ["DELETE", "questions/q_1", { results: true }, "results"],
  ])("refuses what is not known: %s %s", async (method, path, json, unknown) => {
    const { token } = await signUp();
    const answer = await call(method, `/api/v1/evaluation/${path}`, { token, json });
    expect(await jsonOf(answer, 422)).toMatchObject({ errors: [{ path: unknown }] });
  });

  it("needs questions, and takes so many only", async () => {
    const { add, start } = await withPump();
    expect((await start()).status).toBe(409);
    const many = Array.from({ length: 500 }, (_, i) => ({ question: `Question ${i}?` }));
    expect((await add(...many)).status).toBe(201);
    expect((await add({ question: "One more?" })).status).toBe(409);
  });
});
