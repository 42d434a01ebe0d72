/**
 * A loopback server that speaks Anthropic's wire, for tests. What a call gets is written in its model's name, as for OpenAI's stand-in: `tokens`, `reply`,
 * `first_ms`, `tokens_per_second`, `pause`, `fault=die|end|stall|broken|long-line|error|endless`, `times`, and further:
 *   fault=key|rate|context|model|overloaded   that refusal in Anthropic's own words; `fault=credit`: nothing left to spend
 *   thought=TEXT   thoughts before the answer; `finish=REASON` another reason why it ends; `cached=N` counts tokens as read from a cache
 *   tool=NAME      it calls a tool instead of answering
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf, type Exchange, ModelCalls, type StandIn, startOnLoopback } from "./model-calls.ts";
import { type ChatRequest, usageOf, wordsOf } from "./openai-answers.ts";
import { sendJson } from "./paced-response.ts";

interface AnthropicRequest {
  model?: string;
  stream?: boolean;
  max_tokens?: number;
  system?: NonNullable<ChatRequest["messages"]>[number]["content"];
  messages?: ChatRequest["messages"];
}

const refusals: Record<string, [status: number, type: string, message: string]> = {
  key: [401, "authentication_error", "invalid x-api-key"],
  rate: [429, "rate_limit_error", "This request would exceed your organization’s rate limit of 30,000 input tokens."],
  context: [400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"],
  credit: [400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API."],
  model: [404, "not_found_error", "model: claude-9"],
  overloaded: [529, "overloaded_error", "Overloaded"],
};
const errorOf = (type: string, message: string) => ({ type: "error", error: { type, message }, request_id: "req_1" });

const served = [
  {
    type: "model",
    id: "claude-stand-in",
    display_name: "Claude",
    max_input_tokens: 300_000,
    max_tokens: 64_000,
    capabilities: { image_input: { supported: true } },
  },
  { type: "model", id: "claude-stand-in-blind", capabilities: { image_input: { supported: false } } },
];

class AnthropicStandIn {
  private readonly calls = new ModelCalls();

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://stand-in");
    if (await this.calls.isAsked(url, response)) return;
    if (url.pathname.endsWith("/models")) return sendJson(response, 200, { data: served, has_more: false });
    const body = await bodyOf<AnthropicRequest>(request);
    const asked = { path: url.pathname, model: body.model ?? "", stream: body.stream === true };
    const exchange = this.calls.open(asked, body, request, response);
    if (exchange.fault === "refuse") return void response.destroy();
    const [status, type = "", message = ""] = refusals[exchange.fault ?? ""] ?? [];
    const after = exchange.options.get("retry_after");
    if (status) return sendJson(response, status, errorOf(type, message), after ? { "Retry-After": after } : {});
    return this.create(exchange);
  }

  private async create(exchange: Exchange<AnthropicRequest>): Promise<void> {
    const { call, request, response, options } = exchange;
    const events: Event[] = [];
    const send = (event: Event) => {
      if (call.stream) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      else events.push(event);
    };
    if (call.stream) response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
    await this.calls.begin(exchange);
    const { system, messages = [] } = request;
    const told = [...(system ? [{ role: "system", content: system }] : []), ...messages];
    const cached = Number(options.get("cached") ?? 0);
    const input_tokens = usageOf({ messages: told }, 0).prompt_tokens - cached;
    const usage = { input_tokens, cache_read_input_tokens: cached, cache_creation_input_tokens: 0, output_tokens: 1 };
    const head = { id: `msg_${call.id}`, type: "message", role: "assistant", model: call.model.split("?")[0] };
    send({ type: "message_start", message: { ...head, content: [], stop_reason: null, stop_sequence: null, usage } });
    send({ type: "ping" });
    let index = 0;
    const block = (content_block: object) => send({ type: "content_block_start", index, content_block });
    const delta = (of: Event) => send({ type: "content_block_delta", index, delta: of });
    const stop = () => send({ type: "content_block_stop", index: index++ });
    const thinking = options.get("thought");
    if (thinking !== null) {
      block({ type: "thinking", thinking: "", signature: "" });
      delta({ type: "thinking_delta", thinking });
      delta({ type: "signature_delta", signature: "c2lnbmVk" });
      stop();
    }
    const tool = options.get("tool");
    if (tool !== null) {
      block({ type: "tool_use", id: "toolu_1", name: tool, input: {} });
      delta({ type: "input_json_delta", partial_json: '{"city":"Rome"}' });
      stop();
    }
    const words = tool === null ? wordsOf({ messages: told }, options, this.calls.mostWords(exchange)) : [];
    if (tool === null) block({ type: "text", text: "" });
    const crash = `event: error\ndata: ${JSON.stringify(errorOf("overloaded_error", "Overloaded"))}\n\n`;
    const reason = await this.calls.say(exchange, words, request.max_tokens, crash, (text) =>
      delta({ type: "text_delta", text }),
    );
    if (reason === null) return;
    if (tool === null) stop();
    const stop_reason = options.get("finish") ?? (tool ? "tool_use" : reason === "length" ? "max_tokens" : "end_turn");
    const counted = {
      output_tokens: call.tokens,
      ...(thinking ? { output_tokens_details: { thinking_tokens: 2 } } : {}),
    };
    send({ type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage: counted });
    send({ type: "message_stop" });
    this.calls.settle(call, "complete");
    if (call.stream) return void response.end();
    const content = contentOf(events);
    sendJson(response, 200, { ...head, content, stop_reason, stop_sequence: null, usage: { ...usage, ...counted } });
  }
}

type Event = { type: string } & Record<string, unknown>;

/** The blocks of a stream as those of one answer. */
function contentOf(events: Event[]): object[] {
  const blocks: Record<string, unknown>[] = [];
  for (const { type, content_block, delta } of events) {
    if (type === "content_block_start") blocks.push({ ...(content_block as object) });
    const block = blocks.at(-1);
    if (type !== "content_block_delta" || !block) continue;
    for (const [field, value] of Object.entries(delta as object)) {
      if (field === "partial_json") block.input = JSON.parse(value);
      else if (field !== "type") block[field] = `${block[field] ?? ""}${value}`;
    }
  }
  return blocks;
}

/** Starts the server on a free port of the loopback address. */
export function startAnthropicStandIn(): Promise<StandIn> {
  const standIn = new AnthropicStandIn();
  return startOnLoopback((request, response) => standIn.answer(request, response), "/v1");
}
