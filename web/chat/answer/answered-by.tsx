import { BookIcon, CloudIcon, LockIcon, ServerIcon } from "@primer/octicons-react";
import type { Price } from "../../../client/turn-events.ts";
import type { Message } from "../../../workers/chat/contract.ts";
import { modelName } from "../settings/model-name.ts";
import { priceWords } from "../settings/model-price.ts";

export const lanes = {
  own: { icon: ServerIcon, name: "Own machine" },
  cloud: { icon: CloudIcon, name: "Cloud" },
  offline: { icon: BookIcon, name: "Offline" },
} as const;

/** Why another model answered than was asked for, as the end of a sentence. */
export const fallbackReasons: Record<NonNullable<Message["fallback_reason"]>, string> = {
  down: "it could not be reached",
  busy: "it was busy",
  refused: "it refused to answer",
  context: "this is too long for it",
  over_budget: "its budget is spent",
  cut_prompt: "it would have read only a part of this",
  queue: "the line before it was long",
};

/** On whose machine an answer was written, and whether it was bound to stay on one’s own. */
export function Lane({ message: { lane, privacy, model } }: { message: Message }) {
  if (!lane) return null;
  const { icon: Icon, name } = lanes[lane];
  return (
    <span className="inline-flex items-center gap-1 text-ink-faint text-xs" title={model ?? undefined}>
      {privacy === "own" && <LockIcon size={12} aria-label="Bound to your own machines" />}
      <Icon size={12} />
      {name}
    </span>
  );
}

/** That another model answered than was asked for, and why. */
export function AnsweredInstead({ message, price }: { message: Message; price: Price | null | undefined }) {
  const { asked_model: asked, model, fallback_reason: reason } = message;
  if (!asked || !model || !reason) return null;
  return (
    <p className="mb-2 text-ink-soft text-sm [overflow-wrap:anywhere]">
      Asked {modelName(asked)}; answered by {modelName(model)}, because {fallbackReasons[reason]}.
      {price !== undefined && ` ${priceWords(price).replace(/^p/, "P")}.`}
    </p>
  );
}
