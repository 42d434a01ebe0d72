import { ZapIcon } from "@primer/octicons-react";
import type { Instead } from "../../../client/waiting.ts";
import { Button } from "../../ui/button.tsx";
import { useAttempt } from "../../use-attempt.ts";
import { modelName } from "../settings/model-name.ts";
import { priceWords } from "../settings/model-price.ts";

interface InsteadButtonProps {
  instead: Instead;
  onAsk: () => Promise<unknown>;
}

/** For whoever stands in line: the model that would answer at once, at its price. */
export function InsteadButton({ instead, onAsk }: InsteadButtonProps) {
  const { busy, attempt } = useAttempt();
  return (
    <div className="mb-2 flex flex-wrap items-center justify-end gap-x-3 gap-y-1 text-ink-soft text-sm">
      <span>{priceWords(instead.price)}</span>
      <Button size="small" className="min-w-0 max-w-full shrink!" busy={busy} onClick={() => void attempt(onAsk)}>
        <ZapIcon className="shrink-0" />
        <span className="truncate">Ask {modelName(instead.model)} instead</span>
      </Button>
    </div>
  );
}
