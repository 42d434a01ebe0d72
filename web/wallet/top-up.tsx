import { readApi } from "../../client/call-api.ts";
import { Button } from "../ui/button.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import { useAttempt } from "../use-attempt.ts";
import { Section } from "../workspaces/section.tsx";
import { type Chosen, OfferCards } from "./offer-cards.tsx";
import type { Pricing } from "./offers.ts";

/** Goes to where something is paid, or looked after: a page of the processor of payments. */
const goTo = async (path: string, json: object) => {
  const { url } = await readApi<{ url: string }>(path, { method: "POST", json });
  location.assign(url);
};

/** Buys credits, for who may. */
export function TopUp({ pricing }: { pricing: Pricing }) {
  const { busy, problem, attempt } = useAttempt();
  const buy = ({ kind, offer, currency }: Chosen) =>
    void attempt(() => goTo("/wallet/checkout", { [kind]: offer.id, currency }));
  return (
    <Section title="Top up" lead="You pay on the page of the processor of payments, and come back here.">
      <OfferCards
        pricing={pricing}
        actionOf={(chosen) => (
          <Button size="small" busy={busy} onClick={() => buy(chosen)} aria-label={`Buy ${chosen.offer.name}`}>
            {chosen.kind === "plan" ? "Begin" : "Buy"}
          </Button>
        )}
      />
      <div className="mt-5 flex flex-col items-start gap-3">
        <Button size="small" look="quiet" busy={busy} onClick={() => void attempt(() => goTo("/wallet/portal", {}))}>
          Cards, plan and invoices
        </Button>
        <ProblemNotice problem={problem} fields={[]} />
      </div>
    </Section>
  );
}
