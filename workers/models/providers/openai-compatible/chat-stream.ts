import type { PartStream } from "../../read-parts.ts";
import { type Answering, readEventStream } from "../event-stream.ts";
import { ChunkReader } from "./chunk-reader.ts";
import type { ThoughtHabits } from "./thought-tags.ts";

/** Whose answer it is. */
interface ModelAnswering extends Answering {
  modelName: string;
  habits: ThoughtHabits;
  /** Whether it was given tools: else calls of some are passed over. */
  hasTools: boolean;
}

/** The parts of a streamed chat completion, or of one that came whole though a stream was asked for. */
export const readChatStream = (
  body: ReadableStream<Uint8Array>,
  answering: ModelAnswering,
  signal: AbortSignal | undefined,
): PartStream =>
  readEventStream(
    body,
    (emit) => new ChunkReader(answering.modelName, answering.habits, emit, answering.hasTools),
    answering,
    signal,
  );
