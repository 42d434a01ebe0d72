import { env } from "cloudflare:workers";
import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { inject } from "vitest";
import { connect } from "../../../../db/client.ts";
import { systemClock } from "../../../../platform/clock.ts";
import { parseConfig } from "../../../../platform/config/config.ts";
import { createLog } from "../../../../platform/log.ts";
import type { Runtime } from "../../../../platform/runtime.ts";
import { installationConnections, resolveChatModel } from "../../../registry.ts";

export const standIn = inject("ollamaStandIn");

/** An installation that has the stand-in as its box. */
export function withBox(variables: Record<string, string> = {}, bindings: object = {}): Runtime {
  const config = parseConfig({ ...env, OLLAMA_BASE_URL: standIn, ...variables });
  return { env: { ...env, ...bindings }, db: connect(env.DB), config, clock: systemClock, log: createLog({}, true) };
}

let calls = 0;

/** A model's name with orders for the stand-in, and a number so that it is no other test's. */
export function named(orders = ""): string {
  calls += 1;
  return `stand-in?${orders}&call_no=${calls}`;
}

export const asked = (text: string): LanguageModelV4CallOptions["prompt"] => [
  { role: "user", content: [{ type: "text", text }] },
];

export interface Read {
  text: string;
  thoughts: string;
  parts: LanguageModelV4StreamPart[];
  /** What it failed of, whether thrown or told. */
  error: unknown;
}

/** All that a model of the box answers. */
export async function read(
  name: string,
  options: Partial<LanguageModelV4CallOptions> = {},
  runtime = withBox(),
): Promise<Read> {
  const all: Read = { text: "", thoughts: "", parts: [], error: undefined };
  try {
    const { model } = await resolveChatModel(runtime, installationConnections(runtime), `ollama/${name}`);
    const { stream } = await model.doStream({ prompt: asked("What is debt?"), ...options });
    for await (const part of stream) {
      all.parts.push(part);
      if (part.type === "text-delta") all.text += part.delta;
      if (part.type === "reasoning-delta") all.thoughts += part.delta;
      if (part.type === "error") all.error = part.error;
    }
  } catch (error) {
    all.error = error;
  }
  return all;
}

interface Logged {
  outcome: string;
  path: string;
  body: {
    messages: { role: string; content: string }[];
    options: Record<string, unknown>;
    [field: string]: unknown;
  };
}

/** The calls that the stand-in got for a model on one path; waits for the first with that outcome. */
export async function logged(model: string, path: string, outcome = "complete"): Promise<Logged[]> {
  const response = await fetch(`${standIn}/_log?${new URLSearchParams({ model, outcome })}`);
  const { data } = await response.json<{ data: Logged[] }>();
  return data.filter((call) => call.path === path);
}

/** How often a model was loaded, and with which window it is. */
export async function loadedAs(name: string): Promise<{ loads: number; context_length: number } | undefined> {
  const response = await fetch(`${standIn}/api/ps`);
  const { models } = await response.json<{ models: { name: string; loads: number; context_length: number }[] }>();
  return models.find((model) => model.name === name || model.name === `${name}:latest`);
}
