import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { Connection, Lane, Waits } from "./connection.ts";
import type { Price } from "./price.ts";

/** What can be known of a model, whoever says it. */
export interface ModelFacts {
  /** Tokens of prompt and answer together. */
  contextWindow: number;
  /** Tokens that an answer may have; null where nobody knows. */
  outputLimit: number | null;
  vision: boolean;
  tools: boolean;
  /** Whether it thinks before it answers. */
  reasoning: boolean;
}

/** What a question may need of a model beside words. */
export type Ability = "vision" | "tools" | "json";

/** What is known of a chat model before it is called. */
export interface ModelInfo extends ModelFacts {
  /** `provider/name`, unique in the catalogue. */
  id: string;
  provider: string;
  name: string;
  lane: Lane;
  /** Whether the context window is known, and not assumed. */
  isWindowKnown: boolean;
  /** What it is known not to do: where nobody knows, it is none of these. */
  lacks: readonly Ability[];
  /** Null where nobody knows, which is never the same as costing nothing. */
  price: Price | null;
  /** True for the built-in reader, which only quotes. */
  offline: boolean;
}

/**
 * The port to a chat model: the AI SDK's provider interface, called through `doStream` directly. The turn owns retries,
 * time-outs and storage, so the SDK's `streamText` loop would only stand in between (and costs more CPU a token than all else).
 */
export interface ChatModel {
  info: ModelInfo;
  model: LanguageModelV4;
  /** How it is reached; null of what is built in. */
  connection: Connection | null;
  /** How long it may take; as for any model where it says nothing. */
  waits?: Waits | undefined;
}

/** A passage as the offline reader receives it, in `providerOptions.understudy` beside the ordinary prompt. */
export type OfferedPassage = {
  /** The citation's number in the text, from 1. */
  index: number;
  source: string;
  page: number | null;
  section: string | null;
  text: string;
  /** 0 to 1, from retrieval. */
  score: number;
};

/** What `providerOptions.understudy` holds; models other than the offline reader ignore it. */
export type OfferedKnowledge = {
  question: string;
  passages: OfferedPassage[];
};
