/** What tests of the clouds’ models share: how they are reached at their stand-ins, and how an answer is read. */
import { env } from "cloudflare:workers";
import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { expect, inject } from "vitest";
import { connect } from "../db/client.ts";
import { chatModelAt, installationConnections } from "../models/registry.ts";
import { systemClock } from "../platform/clock.ts";
import { parseConfig } from "../platform/config/config.ts";
import { createLog } from "../platform/log.ts";
import type { Runtime } from "../platform/runtime.ts";

const [openai, gemini, anthropic] = [inject("openaiStandIn"), inject("geminiStandIn"), inject("anthropicStandIn")];
export const key = "key-of-the-test";
const openrouter = new URL("/openrouter/api/v1", openai).href;
/** What sets all clouds up at their stand-ins. */
export const cloudVariables = {
  GEMINI_API_KEY: key,
  GEMINI_BASE_URL: gemini,
  ANTHROPIC_API_KEY: key,
  ANTHROPIC_BASE_URL: anthropic,
  OPENROUTER_API_KEY: key,
  OPENROUTER_BASE_URL: openrouter,
};

/** The clouds, each with the beginning of a model's name at its stand-in. */
export const clouds = [
  { provider: "gemini", standIn: gemini, name: "gemini-3-stand-in" },
  { provider: "anthropic", standIn: anthropic, name: "claude-opus-5-5-stand-in" },
  { provider: "openrouter", standIn: openrouter, name: "maker/stand-in" },
];
export type Cloud = (typeof clouds)[number];

/** The product with all clouds set up. */
export function runtime(more: Record<string, string> = {}): Runtime {
  const config = parseConfig({ ...env, ...cloudVariables, ...more });
  return { env, db: connect(env.DB), config, clock: systemClock, log: createLog({}, true) };
}

let calls = 0;

/** A model's name with orders for its stand-in, and a number so that its log can be told from other tests'. */
export function named({ name }: Cloud, orders: string): string {
  calls += 1;
  return `${name}?${orders}&call=${calls}`;
}

export async function modelOf({ provider }: Cloud, name: string) {
  const set = runtime();
  const found = await chatModelAt(set, installationConnections(set), `${provider}/${name}`);
  return found?.model ?? expect.fail(`There is no ${provider}/${name}.`);
}

export const prompt: LanguageModelV4CallOptions["prompt"] = [
  { role: "system", content: "Be brief." },
  { role: "user", content: [{ type: "text", text: "What is debt?" }] },
];

interface Read {
  text: string;
  thought: string;
  parts: LanguageModelV4StreamPart[];
  error: unknown;
}

/** Reads an answer to its end, or to what it failed of. */
export async function readAll(
  cloud: Cloud,
  name: string,
  options: Partial<LanguageModelV4CallOptions> = {},
): Promise<Read> {
  const read: Read = { text: "", thought: "", parts: [], error: undefined };
  try {
    const { stream } = await (await modelOf(cloud, name)).doStream({ prompt, ...options });
    for await (const part of stream) {
      read.parts.push(part);
      if (part.type === "text-delta") read.text += part.delta;
      if (part.type === "reasoning-delta") read.thought += part.delta;
      if (part.type === "error") read.error ??= part.error;
    }
  } catch (error) {
    read.error = error;
  }
  return read;
}

interface LoggedCall {
  authorization: string | null;
  body: Record<string, unknown>;
}

/** The call of a model as its stand-in got it; with `outcome`, once it has come to that. */
export async function logged({ standIn }: Cloud, name: string, outcome?: string): Promise<LoggedCall> {
  const response = await fetch(
    new URL(`/_log?${new URLSearchParams({ model: name, ...(outcome ? { outcome } : {}) })}`, standIn),
  );
  const { data } = await response.json<{ data: LoggedCall[] }>();
  return data[0] ?? expect.fail(`There is no call of ${name}.`);
}
