import type { ReactNode } from "react";
import type { Message } from "../../../workers/chat/contract.ts";
import { genAi, own } from "../../../workers/platform/tracing/gen-ai-names.ts";
import { money } from "../../usage/money.ts";
import { fallbackReasons, lanes } from "../answer/answered-by.tsx";
import { modelName } from "../settings/model-name.ts";
import { durationIn, numberOf, type Step, textOf } from "./trace-words.ts";

function Fact({ label, value, children }: { label: string; value: string; children?: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-ink-soft text-xs">{label}</dt>
      <dd className="text-sm [overflow-wrap:anywhere]">
        {value}
        {children && <span className="block text-ink-faint text-xs">{children}</span>}
      </dd>
    </div>
  );
}

const endings: Record<string, string> = {
  done: "Complete",
  stopped: "Stopped",
  interrupted: "Broken off",
  failed: "Failed",
};

/** Who answered, on whose machine, how long that took, and what it took. */
export function TraceSummary({ turn, locale }: { turn: Step; locale: string }) {
  const count = (number: number) => number.toLocaleString(locale);
  const [asked, model] = [textOf(turn, genAi.requestModel), textOf(turn, genAi.responseModel)];
  const reason = textOf(turn, own.fallbackReason) as Message["fallback_reason"];
  const lane = textOf(turn, own.lane) as keyof typeof lanes | null;
  const [read, wrote] = [numberOf(turn, genAi.inputTokens), numberOf(turn, genAi.outputTokens)];
  const cached = numberOf(turn, genAi.cachedTokens);
  const first = numberOf(turn, genAi.firstChunk);
  const cost = numberOf(turn, own.cost);
  const outcome = textOf(turn, own.outcome);
  const price = cost === null ? null : money(cost, locale);
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3 rounded-card bg-sunken px-4 py-3.5 sm:grid-cols-3">
      <Fact label="Answered by" value={model ? modelName(model) : "No model"}>
        {reason && asked && `Asked for ${modelName(asked)}, but ${fallbackReasons[reason]}`}
      </Fact>
      {lane && <Fact label="Where" value={lanes[lane].name} />}
      <Fact label="Time" value={turn.duration_ms === null ? "Unknown" : durationIn(locale, turn.duration_ms)}>
        {first !== null && `first words after ${durationIn(locale, first * 1_000)}`}
      </Fact>
      {read !== null && wrote !== null && (
        <Fact label="Tokens" value={`${count(read)} read, ${count(wrote)} written`}>
          {cached !== null && cached > 0 && `${count(cached)} from the provider’s cache`}
        </Fact>
      )}
      <Fact label="Cost" value={price ? price.usd : "Price unknown"}>
        {price?.credits}
      </Fact>
      {outcome && <Fact label="Ended" value={endings[outcome] ?? outcome} />}
    </dl>
  );
}
