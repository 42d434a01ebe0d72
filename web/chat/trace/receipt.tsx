import { useEffect, useState } from "react";
import { Link } from "react-router";
import type { z } from "zod";
import { readApi } from "../../../client/call-api.ts";
import type { messageReceipt } from "../../../workers/chat/receipt-contract.ts";
import { Dialog } from "../../ui/dialog/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useLocale } from "../../usage/use-locale.ts";
import { useAttempt } from "../../use-attempt.ts";
import { partsOf, ReceiptLines } from "../../wallet/receipt-lines.tsx";
import { modelName } from "../settings/model-name.ts";

type Receipt = z.output<typeof messageReceipt>;
type Turn = Receipt["turns"][number];

/** What an answer cost, to whom it went, and by which price. */
export function ReceiptDialog({ messageId, onClose }: { messageId: string; onClose: () => void }) {
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const { problem, attempt } = useAttempt();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
  useEffect(() => void attempt(async () => setReceipt(await readApi<Receipt>(`/messages/${messageId}/receipt`))), []);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Receipt">
      {!receipt && !problem && (
        <p role="status" className="flex items-center gap-2 py-2 text-ink-soft text-sm">
          <Spinner /> Looking it up…
        </p>
      )}
      {problem && <Notice tone="danger">{problem.detail}</Notice>}
      {receipt?.turns.length === 0 && (
        <p className="text-ink-soft text-sm">Nothing was used for this answer, as for what is imported or copied.</p>
      )}
      <div className="flex flex-col gap-6">
        {receipt?.turns.map((turn) => (
          <TurnReceipt key={turn.turn_id} turn={turn} />
        ))}
      </div>
      {receipt?.billing === "on" && (
        <p className="mt-4 text-sm">
          <Link to="/wallet" className="text-accent hover:underline">
            To the wallet
          </Link>
        </p>
      )}
    </Dialog>
  );
}

const payers: Record<Turn["paid_by"], string | null> = {
  you: null,
  "the clone’s workspace": "Whoever runs the clone pays for this answer.",
  nobody: "This installation does not bill: it is what the model takes.",
};

function TurnReceipt({ turn }: { turn: Turn }) {
  const locale = useLocale();
  const count = (number: number) => number.toLocaleString(locale);
  const lines = partsOf(turn.usage ?? 0, turn.platform_fee, turn.creator_share).filter(
    ({ microCredits }, at) => at === 0 || microCredits > 0,
  );
  return (
    <section className="flex flex-col gap-3">
      <p className="text-sm">
        <span className="font-medium">{modelName(turn.model)}</span>
        <span className="text-ink-soft">
          {" · "}
          {count(turn.prompt_tokens)} tokens read, {count(turn.completion_tokens)} written
          {turn.estimated && ", as estimated"}
        </span>
      </p>
      {turn.cost === null ? (
        <p className="text-ink-soft text-sm">Nobody knows what this model costs.</p>
      ) : (
        <ReceiptLines lines={lines} total={turn.cost} />
      )}
      {turn.state === "held" && <p className="text-ink-soft text-sm">It is being paid at this moment.</p>}
      {payers[turn.paid_by] && <p className="text-ink-soft text-sm">{payers[turn.paid_by]}</p>}
      <details>
        <summary className="cursor-pointer select-none text-ink-soft text-sm hover:text-ink">
          Prices and numbers
        </summary>
        <dl className="mt-2 grid gap-x-4 gap-y-1 text-xs sm:grid-cols-[8rem_1fr]">
          {[
            ["Model’s price", turn.price_id],
            ["Clone’s price", turn.clone_price_id],
            ["Turn", turn.turn_id],
          ].map(
            ([label, value]) =>
              value && (
                <div key={label} className="contents">
                  <dt className="text-ink-soft">{label}</dt>
                  <dd className="min-w-0 break-words">{value}</dd>
                </div>
              ),
          )}
        </dl>
      </details>
    </section>
  );
}
