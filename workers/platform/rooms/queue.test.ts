import { env } from "cloudflare:test";
import { expect, it } from "vitest";
import { z } from "zod";
import { rooms } from "../../rooms.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { createRuntime } from "../runtime.ts";
import { consumeBatch, queueHandler, takeEach } from "./queue.ts";

/** A message of the queue, and what became of it. */
function sent(body: unknown) {
  const outcomes: string[] = [];
  const message = {
    id: "1",
    timestamp: new Date(),
    body,
    attempts: 1,
    ack: () => void outcomes.push("ack"),
    retry: () => void outcomes.push("retry"),
  };
  return { message: message as unknown as Message, outcomes };
}

it("gives each message to whom its kind is, and what nobody understands to the dead letters, where it ends", async () => {
  const runtime = createRuntime(env);
  const taken: string[] = [];
  const noting = (kind: "a" | "b") =>
    queueHandler(z.object({ kind: z.literal(kind), id: z.string() }), (_, deliveries) =>
      takeEach(runtime, deliveries, { event: "not_taken", about: ({ id }) => ({ id }) }, async ({ id }) => {
        if (id === "bad") throw new Error("It cannot be taken.");
        taken.push(`${kind} ${id}`);
      }),
    );
  const bodies = [{ kind: "b", id: "1" }, { kind: "a", id: "bad" }, { kind: "a", id: "2" }, { kind: "c" }, "no"];
  const messages = bodies.map(sent);
  const batch = { queue: "q", messages: messages.map(({ message }) => message) };
  await consumeBatch(runtime, [noting("a"), noting("b")], batch);
  expect(taken.toSorted()).toEqual(["a 2", "b 1"]);
  expect(messages.flatMap(({ outcomes }) => outcomes)).toEqual(["ack", "retry", "ack", "retry", "retry"]);
  expect(takeLoggedErrors().map((line) => JSON.parse(line).event)).toEqual([
    "queue_message_not_understood",
    "queue_message_not_understood",
    "not_taken",
  ]);

  const unknown = sent({ kind: "c" });
  await consumeBatch(runtime, [noting("a")], { queue: "q-dead", messages: [unknown.message] });
  expect(unknown.outcomes).toEqual(["ack"]);
  expect(takeLoggedErrors().join()).toContain("queue_message_not_understood");
});

it("understands what an older version has put there", () => {
  const document = { document_id: "doc_1", run_id: "run_1", clone_id: "cln_1", storage_key: "documents/1", bytes: 1 };
  const known = [
    { kind: "document", ...document },
    { kind: "document", ...document, tries: 2 },
    { kind: "web_page", import_id: "imp_1", url: "https://example.com/" },
    { kind: "evaluation", run_id: "run_1" },
  ];
  const handlers = [...rooms.knowledge.queue, ...rooms.evaluation.queue];
  for (const body of known)
    expect(
      handlers.filter(({ message }) => message.safeParse(body).success),
      body.kind,
    ).toHaveLength(1);
});
