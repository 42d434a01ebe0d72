import { type LoadedModel, loadedModels } from "../../models/box.ts";
import { operation } from "../../workspaces/operation.ts";
import * as contract from "../box-contract.ts";
import { lineAt } from "./enter-box.ts";
import { findBox } from "./reach-box.ts";

/** Ollama writes a time hundreds of years away for a model that stays for ever. */
const forEver = 100 * 365 * 86_400_000;

/** Until when a model stays loaded, as the wire has it. */
function expiry(text: string | null | undefined, now: number): string | null {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) || at - now > forEver ? null : new Date(at).toISOString();
}

/** A model in the box's memory, as the wire has it. */
export const presentLoaded = (model: LoadedModel, now: number): contract.WireLoadedModel => ({
  name: model.name,
  size_bytes: model.size ?? null,
  vram_bytes: model.size_vram ?? null,
  context_window: model.context_length ?? null,
  expires_at: expiry(model.expires_at, now),
});

export const listLoadedModels = operation({
  summary: "The models that the box has loaded, what they take, until when, and how many wait for it",
  tags: ["Models"],
  action: "box.read",
  output: contract.loadedModels,
  async run(ctx) {
    const box = await findBox(ctx);
    if (!box) return { data: [], line: { working: 0, waiting: 0 } };
    const [loaded, line] = await Promise.all([loadedModels(box, ctx.env), lineAt(ctx.env, box).standing()]);
    return { data: loaded.map((model) => presentLoaded(model, ctx.clock.now())), line };
  },
});
