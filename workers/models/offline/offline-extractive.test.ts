import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { expect, test } from "vitest";
import type { OfferedPassage } from "../ports/chat-model.ts";
import { offlineExtractive, readOffline } from "./offline-extractive.ts";

const passage = (index: number, text: string, more: Partial<OfferedPassage> = {}): OfferedPassage => ({
  index,
  source: "lecture.pdf",
  page: 1,
  section: null,
  text,
  score: 1 / index,
  ...more,
});

const lecture = [
  passage(
    1,
    "I know a gentleman who wished for an elegant sofa. “That sofa,” he says, “cost me thirty thousand dollars!” The house was then too small for it.",
  ),
  passage(
    2,
    "When I was in London in 1858, I was passing down Holborn with an English friend and came to the penny shows. They had immense cartoons outside.",
  ),
  passage(
    3,
    "John Randolph, the eccentric Virginian, once exclaimed in Congress that he had found the philosopher's stone.",
  ),
];

const ask = (question: string, passages = lecture) => readOffline({ question, passages });

test.each([
  ["How much did the sofa cost?", "“That sofa,” he says, “cost me thirty thousand dollars!” [1]"],
  ["In which year did you come to the penny shows?", "1858"],
  ["Who spoke of the philosopher's stone in Congress?", "John Randolph, the eccentric Virginian"],
])("%s", (question, wanted) => {
  expect(ask(question)).toContain(wanted);
});

test("every sentence is one of the passages' own and carries its number", () => {
  const answer = ask("How much did the sofa cost?");
  for (const [, quote, index] of answer.matchAll(/(.+?) \[(\d+)\](?:\s|$)/g)) {
    expect(lecture[Number(index) - 1]?.text).toContain(quote);
  }
  expect(answer.replace(/.+? \[\d+\](?:\s|$)/g, "")).toBe("");
});

test.each([
  "What did you pay for the elephant Jumbo?",
  "How do I reset my password?",
  "Who designed the Brooklyn Bridge?",
  "How many people live in London?",
])("declines without a citation: %s", (question) => {
  const answer = ask(question);
  expect(answer).toMatch(/^The documents do not contain an answer to this\./);
  expect(answer).not.toMatch(/\[\d+\]/);
});

test("quotes a sentence that stands in two overlapping passages once", () => {
  const text = "Getting in debt for what you eat is to be avoided.";
  const answer = ask("Should debt be avoided?", [passage(1, text), passage(2, `${text} Pay as you go.`)]);
  expect(answer.split(text)).toHaveLength(2);
});

test("writes the entries of a list as a list, with what announces them", () => {
  const text = "Understudy reads these formats:\n\n- PDF, up to 50 MB\n- DOCX, up to 50 MB\n- Plain text";
  expect(ask("Which formats does Understudy read?", [passage(1, text)])).toBe(
    "Understudy reads these formats: [1]\n- PDF, up to 50 MB [1]\n- DOCX, up to 50 MB [1]\n- Plain text [1]",
  );
});

test("says what it is where there is nothing to read", () => {
  expect(ask("How much did the sofa cost?", [])).toContain("I am the offline reader");
});

test.each([
  ["Hello!", "Hello!"],
  ["thanks a lot", "You are welcome"],
  ["Bye", "Goodbye"],
])("answers %s as a person would", (message, start) => {
  expect(ask(message)).toContain(start);
  expect(ask(message)).not.toContain("[");
});

test("a question that leans on the one before is read with it", () => {
  const tickets = [
    passage(
      1,
      "Genin the hatter bought the first Jenny Lind ticket. He sold ten thousand extra hats in the first year.",
    ),
  ];
  const follow = { question: "And how many hats did he sell because of it?", passages: tickets };
  expect(readOffline(follow, "What did Genin the hatter buy?")).toContain("ten thousand extra hats");
  const empty = { question: "What else did he do?", passages: tickets };
  expect(readOffline(empty, "Who bought the Jenny Lind ticket?")).toContain("[1]");
  expect(readOffline(empty)).not.toContain("[1]");
});

test("gives the same answer every time", () => {
  expect(ask("How much did the sofa cost?")).toBe(ask("How much did the sofa cost?"));
});

function options(more: Partial<LanguageModelV4CallOptions> = {}): LanguageModelV4CallOptions {
  const question = "How much did the sofa cost?";
  return {
    prompt: [{ role: "user", content: [{ type: "text", text: question }] }],
    providerOptions: { understudy: { question, passages: lecture } },
    ...more,
  };
}

async function collect(stream: ReadableStream<LanguageModelV4StreamPart>) {
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  const text = parts.map((part) => (part.type === "text-delta" ? part.delta : "")).join("");
  return { parts, text, finish: parts.find((part) => part.type === "finish") };
}

test("streams in words, with usage and a reason for its end", async () => {
  const { stream } = await offlineExtractive.model.doStream(options());
  const { parts, text, finish } = await collect(stream);
  expect(text).toBe(ask("How much did the sofa cost?"));
  expect(parts.filter(({ type }) => type === "text-delta").length).toBeGreaterThan(5);
  expect(parts.map(({ type }) => type).filter((type) => type !== "text-delta")).toEqual([
    "stream-start",
    "text-start",
    "text-end",
    "finish",
  ]);
  expect(finish).toMatchObject({ finishReason: { unified: "stop" }, usage: { inputTokens: { total: 7 } } });
});

test("stops at the token limit and says so", async () => {
  const { stream } = await offlineExtractive.model.doStream(options({ maxOutputTokens: 5 }));
  const { text, finish } = await collect(stream);
  expect(text.length).toBeGreaterThan(0);
  expect(text.length).toBeLessThanOrEqual(20);
  expect(finish).toMatchObject({ finishReason: { unified: "length" } });
});

test("an abort between two words ends the stream with its reason", async () => {
  const aborter = new AbortController();
  const { stream } = await offlineExtractive.model.doStream(options({ abortSignal: aborter.signal }));
  const reader = stream.getReader();
  for (let i = 0; i < 4; i++) await reader.read();
  aborter.abort(new Error("stopped"));
  await expect(reader.read()).rejects.toThrow("stopped");
});

test("answers in one piece too", async () => {
  const { content, finishReason } = await offlineExtractive.model.doGenerate(options());
  expect(content).toEqual([{ type: "text", text: ask("How much did the sofa cost?") }]);
  expect(finishReason.unified).toBe("stop");
});

test("a prompt without offered knowledge is answered by what it is", async () => {
  const { content } = await offlineExtractive.model.doGenerate({ prompt: options().prompt });
  expect(content[0]).toMatchObject({ text: expect.stringContaining("I am the offline reader") });
});

test("reads a question of thousands of parts as its beginning, against the passages a few times", () => {
  let reads = 0;
  const passages = lecture.map((passage) => ({
    ...passage,
    get text() {
      reads++;
      return passage.text;
    },
  }));
  const once = "Who bought the Jenny Lind ticket? ";
  readOffline({ question: once, passages });
  const few = reads;
  readOffline({ question: once.repeat(900), passages });
  expect(reads - few).toBeLessThanOrEqual(9 * few);
});
