import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { expect, it } from "vitest";
import { classifyModelFailure } from "../../failures.ts";
import { readChatStream } from "./chat-stream.ts";

const delta = (said: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: said, finish_reason }],
});
const first = { id: "a", function: { name: "x", arguments: '{"n":1}' } };
const second = { id: "b", function: { name: "y", arguments: "{}" } };

async function partsOf(chunks: object[], hasTools = true): Promise<LanguageModelV4StreamPart[]> {
  const text = chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`).join("");
  const body = new Response(text).body;
  if (!body) throw new Error("There is no body.");
  const answering = {
    modelName: "m",
    habits: { omitsOpening: false, isPlain: false },
    hasTools,
    warnings: [],
    withoutKey: (said: string) => said,
  };
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of readChatStream(body, answering, undefined)) parts.push(part);
  return parts;
}

const callsIn = (parts: LanguageModelV4StreamPart[]) =>
  parts.flatMap((part) => (part.type === "tool-call" ? [[part.toolCallId, part.toolName, part.input]] : []));

it.each([
  [
    "in pieces",
    [
      delta({ tool_calls: [{ index: 0, id: "a", function: { name: "x", arguments: '{"n' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '":1}' } }] }),
      delta({ tool_calls: [{ index: 1, ...second }] }),
      delta({}, "tool_calls"),
    ],
  ],
  [
    "numbered alike, each whole",
    [
      delta({ tool_calls: [{ index: 0, ...first }] }),
      delta({ tool_calls: [{ index: 0, ...second }] }),
      delta({}, "stop"),
    ],
  ],
  [
    "without numbers, with objects and nothing",
    [
      delta({
        tool_calls: [
          { id: "a", function: { name: "x", arguments: { n: 1 } } },
          { id: "b", function: { name: "y" } },
        ],
      }),
      delta({}, "tool_calls"),
    ],
  ],
  [
    "in pieces that repeat who they are",
    [
      delta({ tool_calls: [{ index: 0, id: "a", function: { name: "x", arguments: '{"n":' } }] }),
      delta({
        tool_calls: [
          { index: 0, id: "a", function: { name: "x", arguments: "1}" } },
          { index: 1, ...second },
        ],
      }),
      delta({}, "tool_calls"),
    ],
  ],
  [
    "in a whole answer",
    [{ choices: [{ index: 0, message: { content: null, tool_calls: [first, second] }, finish_reason: "tool_calls" }] }],
  ],
])("reads calls that come %s", async (_how, chunks) => {
  const parts = await partsOf(chunks);
  expect(callsIn(parts)).toEqual([
    ["a", "x", '{"n":1}'],
    ["b", "y", "{}"],
  ]);
  expect(parts.at(-1)).toMatchObject({ type: "finish", finishReason: { unified: "tool-calls" } });
});

it("reads the one call of the older form", async () => {
  const parts = await partsOf([delta({ function_call: first.function }), delta({}, "function_call")]);
  expect(callsIn(parts)).toEqual([["call_1", "x", '{"n":1}']]);
});

it("passes calls over that nobody gave tools for", async () => {
  const parts = await partsOf([delta({ tool_calls: [first] }), delta({}, "tool_calls")], false);
  expect(callsIn(parts)).toEqual([]);
  expect(parts.at(-1)).toMatchObject({ type: "finish", finishReason: { unified: "tool-calls" } });
});

it("fails of a call that breaks off", async () => {
  const parts = await partsOf([
    delta({ tool_calls: [{ index: 0, id: "a", function: { name: "x", arguments: '{"n' } }] }),
  ]);
  const error = parts.find((part) => part.type === "error")?.error;
  expect(classifyModelFailure(error)).toMatchObject({ code: "model_unavailable", retryable: true });
});
