import { type BoxEntry, boxEntries } from "../../models/box.ts";
import { operation } from "../../workspaces/operation.ts";
import { boxModels, type WireBoxModel } from "../box-contract.ts";
import { findBox, mayChangeBox } from "./reach-box.ts";

const present = (entry: BoxEntry): WireBoxModel => ({
  id: `ollama/${entry.name}`,
  name: entry.name,
  size_bytes: entry.bytes,
  family: entry.family,
  parameters: entry.parameters,
  quantization: entry.quantisation,
  context_window: entry.contextWindow ?? null,
  chat: entry.chats ?? null,
  vision: entry.vision ?? null,
  tools: entry.tools ?? null,
  thinking: entry.thinks,
  remote: entry.isRemote,
});

export const listBoxModels = operation({
  summary: "The models that the box has",
  description: "As Ollama says it now. Where no box is set up, `found` is where one was found on this machine.",
  tags: ["Models"],
  action: "box.read",
  output: boxModels,
  async run(ctx) {
    const box = await findBox(ctx);
    return {
      configured: box !== null,
      payer: box?.payer ?? null,
      may_change: box !== null && (await mayChangeBox(ctx, box)),
      found: box ? null : (ctx.config.OLLAMA_FOUND ?? null),
      data: box ? (await boxEntries(box, ctx.env)).map(present) : [],
    };
  },
});
