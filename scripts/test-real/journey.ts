import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { KilledServer } from "../sim/killed-server.ts";
import type { Answer, Person } from "./person.ts";
import type { RealBox } from "./real-box.ts";
import type { Report } from "./report.ts";

export interface Installation {
  report: Report;
  box: RealBox;
  server: KilledServer;
  person: Person;
  cloneId: string;
}

/** The names that the files get on the box. */
export const chatModel = "gemma3:270m";
export const embeddingModel = "all-minilm";

const documentName = "what-is-understudy.md";
const documentText = readFileSync(`demo/documents/${documentName}`, "utf8");
/** This model has only learned how texts go on, and its file says nothing of a chat: so it is shown one, with an answer that cites. */
export const chatTemplate = `{{ range .Messages }}{{ if eq .Role "system" }}{{ .Content }}

Question: What does a lamp give? Source number="1": A lamp gives light.
Answer: A lamp gives light [1].

{{ else if eq .Role "user" }}{{ .Content }}
{{ else }}Answer: {{ .Content }}

{{ end }}{{ end }}Answer:`;

/** Something that a small model writes much about. */
const long = { content: "Write a very long story about a lighthouse keeper and her lamp.", more: { temperature: 0.9 } };

const isToken = ({ event }: { event: string }) => event === "token";
/** An answer of which some words have come. */
export const underWay = (answer: Answer) => answer.until((event) => isToken(event) && answer.text.length > 60);

export const tellLong = async (person: Person) => {
  const conversation = await person.open({});
  return { conversation, answer: person.ask(conversation, long.content, long.more) };
};

/** How fast an answer came: ms to its first word, tokens in a second behind that. */
function speedOf({ events }: Answer): string {
  const first = events.find(isToken)?.ms ?? 0;
  const end = events.at(-1);
  const { completion_tokens: tokens = 0, prompt_tokens: read = 0 } = (end?.data.usage ?? {}) as Record<string, number>;
  const seconds = ((end?.ms ?? 0) - first) / 1_000;
  return `${read} tokens read, first word after ${first.toFixed(0)} ms, ${tokens} tokens at ${(tokens / seconds).toFixed(0)} a second`;
}

/** What the box has, as the product shows it. */
async function checkLists({ report, person }: Installation): Promise<void> {
  await report.check("the box’s models are listed, and the one that can answer is the default", async () => {
    const { data } = await person.call<{ data: { id: string; default: boolean }[] }>("GET", "/models");
    assert.equal(data.find((model) => model.default)?.id, `ollama/${chatModel}`);
    const had = await person.call<{ data: Record<string, unknown>[] }>("GET", "/ollama/models");
    const {
      family,
      parameters,
      quantization,
      context_window: window,
    } = had.data.find(({ name }) => name === chatModel) ?? {};
    assert.deepEqual([family, window], ["gemma3", 32_768]);
    assert.equal(had.data.find(({ name }) => name === embeddingModel)?.chat, false);
    return `${family}, ${parameters}, ${quantization}, a window of ${window}`;
  });
}

/** A question without documents: streamed, counted, and kept as it was shown. */
async function checkStream({ report, person }: Installation): Promise<void> {
  await report.check("an answer is streamed, counted, and kept as it was shown", async () => {
    const conversation = await person.open({});
    const answer = person.ask(conversation, "Name three things that a lamp is made of.", { max_tokens: 120 });
    const end = await answer.end();
    assert.equal(end.event, "done", JSON.stringify(end.data));
    const kept = await person.lastAnswer(conversation);
    assert.deepEqual([kept.content, kept.model], [answer.text, `ollama/${chatModel}`]);
    assert.ok(answer.events.filter(isToken).length > 1, "it came in pieces");
    assert.ok((kept.usage?.prompt_tokens ?? 0) > 20 && (kept.usage?.completion_tokens ?? 0) > 1, "it was counted");
    return speedOf(answer);
  });
  await report.check("a model that is loaded is listed so", async () => {
    const { data } = await person.call<{ data: { name: string; context_window: number }[] }>("GET", "/ollama/ps");
    const loaded = data.find(({ name }) => name === chatModel);
    assert.equal(loaded?.context_window, 4_096);
    return undefined;
  });
}

const questions = [
  "What is a clone?",
  "Who is Understudy for?",
  "Which files can be uploaded?",
  "Does Understudy need a network?",
  "What does a citation name?",
  "Is an answer lost when the tab is closed?",
];

/** Whatever the model writes: each number in the text has a citation whose words stand in the document. */
async function checkCitations({ report, person, cloneId }: Installation): Promise<void> {
  await person.upload(cloneId, documentName, documentText);
  await report.check("every number that stands in an answer has its citation, from the document", async () => {
    const plain = (text: string) => text.replaceAll(/\s+/g, " ");
    const counts = { answers: 0, kept: 0, dropped: 0 };
    for (const question of questions) {
      const conversation = await person.open({ clone_id: cloneId });
      const answer = person.ask(conversation, question, { max_tokens: 150, temperature: 0 });
      const end = await answer.end();
      const kept = await person.lastAnswer(conversation);
      if (end.event === "error") assert.equal(kept.error_code, "model_unavailable", JSON.stringify(end.data));
      else counts.answers++;
      assert.equal(kept.content, answer.text);
      const numbers = new Set([...kept.content.matchAll(/\[(\d{1,3})\](?!\()/g)].map(([, number]) => Number(number)));
      assert.deepEqual([...numbers].sort(), kept.citations.map(({ index }) => index).sort());
      for (const { source, quote } of kept.citations) {
        assert.equal(source, documentName);
        assert.ok(plain(documentText).includes(plain(quote)), `“${quote}” stands in the document`);
      }
      counts.kept += kept.citations.length;
      counts.dropped += kept.dropped_citations;
    }
    assert.ok(counts.answers > 0, "some were answered");
    return `${counts.answers} of ${questions.length} questions answered, ${counts.kept} citations shown, ${counts.dropped} left out as their passage does not say it`;
  });
}

/** What ends an answer before its model does, and who waits meanwhile. */
async function checkStopAndLine({ report, person }: Installation): Promise<void> {
  await report.check("an answer is stopped in its middle, and the box is free at once", async () => {
    const { conversation, answer } = await tellLong(person);
    await underWay(answer);
    await person.call("POST", `/conversations/${conversation}/stop`);
    const stopped = performance.now();
    await answer.end();
    const kept = await person.lastAnswer(conversation);
    assert.deepEqual([kept.status, kept.content], ["stopped", answer.text]);
    const next = person.ask(await person.open({}), "Say hello.", { max_tokens: 20 });
    await next.end();
    return `the next question was answered whole ${(performance.now() - stopped).toFixed(0)} ms later`;
  });
  await report.check("of two who ask at once, the second is told to wait, and both are answered", async () => {
    const first = await tellLong(person);
    await underWay(first.answer);
    const conversation = await person.open({});
    const second = person.ask(conversation, "Say hello.", { max_tokens: 20 });
    const { data } = await second.until(({ event }) => event === "queue");
    assert.equal(data.position, 1);
    await person.call("POST", `/conversations/${first.conversation}/stop`);
    await first.answer.end();
    assert.equal((await second.end()).event, "done");
    assert.equal((await person.lastAnswer(conversation)).status, "complete");
    return `told to expect ${data.expected_wait_ms} ms`;
  });
}

/** A prompt that the box does not read whole is an error, and no answer. */
async function checkCutPrompt({ report, person }: Installation): Promise<void> {
  await report.check("a prompt that does not fit is refused in a sentence that says so", async () => {
    // Each digit is a token to this model, which no count from outside knows.
    const digits = Array.from({ length: 30_000 }, (_, i) => (i * 7_919) % 10).join("");
    const conversation = await person.open({});
    const end = await person.ask(conversation, digits, { max_tokens: 20 }).end();
    assert.equal(end.event, "error", JSON.stringify(end.data));
    assert.match(String(end.data.error), /too long for the model|cut off/);
    assert.equal((await person.lastAnswer(conversation)).content, "");
    return String(end.data.error);
  });
}

/** What a newcomer does, from the list of models to a question that is too long. */
export async function checkJourney(installation: Installation): Promise<void> {
  for (const check of [checkLists, checkStream, checkCitations, checkStopAndLine, checkCutPrompt])
    await check(installation);
}
