import assert from "node:assert/strict";
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

/** The model goes on as texts before it do: of what it reads here it learns to cite, once a source that is not there. */
const documentName = "lamp.md";
const documentText = `# Questions about the lamp

Question: How long does the oil burn?
Answer: The oil of the lamp burns for nine hours [1].

Question: What is the wick made of?
Answer: The wick is made of Egyptian cotton [1].

Question: Who lights the lamp?
Answer: The keeper lights the lamp at dusk [1].

Question: When was the tower built?
Answer: The tower was built in 1871 by Ada Stone [1].

Question: Which colour has the door?
Answer: The door is painted green [7].
`;

/** It was never taught to chat, and its file says nothing of that: Ollama would give it the last message alone. */
export const chatTemplate = `{{ range .Messages }}{{ if eq .Role "system" }}{{ .Content }}

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
  "How long does the oil burn?",
  "What is the wick made of?",
  "Who lights the lamp?",
  "When was the tower built?",
  "Which colour has the door?",
  "What is the keeper paid?",
];

const numbersIn = (text: string) => [...text.matchAll(/\[(\d{1,3})\](?!\()/g)].map(([, number]) => Number(number));

/** Whatever the model writes: each number in the text has a citation whose words stand in the document. */
async function checkCitations({ report, person, cloneId }: Installation): Promise<void> {
  await person.upload(cloneId, documentName, documentText);
  await report.check("a model’s numbers become citations of the document, and others are taken out", async () => {
    const plain = (text: string) => text.replaceAll(/\s+/g, " ");
    let [cited, speed] = [0, ""];
    for (const question of questions) {
      const conversation = await person.open({ clone_id: cloneId });
      const answer = person.ask(conversation, question, { max_tokens: 40, temperature: 0 });
      const end = await answer.end();
      assert.equal(end.event, "done", JSON.stringify(end.data));
      const kept = await person.lastAnswer(conversation);
      assert.equal(kept.content, answer.text);
      const indexes = kept.citations.map(({ index }) => index);
      assert.deepEqual([...new Set(numbersIn(kept.content))].sort(), indexes.sort(), kept.content);
      for (const { source, quote } of kept.citations) {
        assert.equal(source, documentName);
        assert.ok(plain(documentText).includes(plain(quote)), `“${quote}” stands in the document`);
      }
      console.log(`    ${question} ${JSON.stringify(kept.content)}`);
      cited += indexes.length;
      speed = speedOf(answer);
    }
    assert.ok(cited > 0, "it cited");
    return `${cited} citations in ${questions.length} answers; the last: ${speed}`;
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
