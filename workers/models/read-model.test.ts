import type { LanguageModelV4, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { describe, expect, it } from "vitest";
import { readModel } from "./read-model.ts";

/** A model that says `parts`, and then `again` for ever; where there is none of that, nothing more. */
function modelOf(parts: LanguageModelV4StreamPart[], again?: LanguageModelV4StreamPart): LanguageModelV4 {
  const doStream: LanguageModelV4["doStream"] = async () => ({
    stream: new ReadableStream<LanguageModelV4StreamPart>(
      {
        start: (controller) => {
          for (const part of parts) controller.enqueue(part);
        },
        pull: (controller) => {
          if (again) controller.enqueue(again);
          return again ? new Promise<void>((resolve) => setTimeout(resolve, 5)) : new Promise<void>(() => {});
        },
      },
      { highWaterMark: 0 },
    ),
  });
  return { doStream } as unknown as LanguageModelV4;
}

const text = { type: "text-delta", id: "text", delta: "Well" } as const;
const thought = { type: "reasoning-delta", id: "thought", delta: "Hm" } as const;
const far = 60_000;

const read = (model: LanguageModelV4, allowance: Parameters<typeof readModel>[3]) =>
  readModel(model, { prompt: [] }, new AbortController().signal, allowance, { onText: () => false });

// Each of these would take a minute, and longer than a test may, were any other limit watched than the one that is passed.
describe("a model that keeps silent", () => {
  it("before its first word is given up", async () => {
    const reading = read(modelOf([]), { firstTokenMs: 20, stallMs: far, thoughtMs: far });
    await expect(reading).rejects.toThrow("did not begin to answer in time");
  });

  it("behind it too, though it had longer to begin", async () => {
    const reading = read(modelOf([text]), { firstTokenMs: far, stallMs: 20, thoughtMs: far });
    await expect(reading).rejects.toThrow("stopped in the middle of its answer");
  });

  it("and only thinks aloud, however busily", async () => {
    const reading = read(modelOf([thought], thought), { firstTokenMs: far, stallMs: far, thoughtMs: 40 });
    await expect(reading).rejects.toThrow("thought for too long without answering");
  });
});

describe("signs of life", () => {
  const alive = { type: "raw", rawValue: null } as const;

  it("let a server load its model for longer than a word may take", async () => {
    let signs = 0;
    const model = modelOf([], alive);
    const reading = readModel(
      { ...model, doStream: async () => ({ stream: counted((await model.doStream({ prompt: [] })).stream) }) },
      { prompt: [] },
      new AbortController().signal,
      { firstTokenMs: 40, stallMs: far, thoughtMs: far },
      { onText: () => true },
    );
    function counted(stream: ReadableStream<LanguageModelV4StreamPart>) {
      return stream.pipeThrough(
        new TransformStream<LanguageModelV4StreamPart, LanguageModelV4StreamPart>({
          transform(part, controller) {
            // Some thirty signs, 5 ms apart: several times as long as the first word may take.
            controller.enqueue(++signs < 30 ? part : text);
          },
        }),
      );
    }
    expect(await reading).toBeNull();
    expect(signs).toBeGreaterThanOrEqual(30);
  });

  it("do not go on for ever", async () => {
    const reading = read(modelOf([], alive), { firstTokenMs: 40, stallMs: far, thoughtMs: 60 });
    await expect(reading).rejects.toThrow("did not begin to answer in time");
    const stalled = read(modelOf([text], alive), { firstTokenMs: far, stallMs: 40, thoughtMs: 60 });
    await expect(stalled).rejects.toThrow("stopped in the middle of its answer");
  });
});

it("a model that goes on talking is not given up for what it thought before", async () => {
  let said = "";
  const reading = readModel(
    modelOf([thought, text], text),
    { prompt: [] },
    new AbortController().signal,
    { firstTokenMs: far, stallMs: far, thoughtMs: 20 },
    {
      onText: (piece) => {
        said += piece;
        // Some forty pieces of 5 ms: twice as long as it may think.
        return said.length >= 4 * 40;
      },
    },
  );
  expect(await reading).toBeNull();
});
