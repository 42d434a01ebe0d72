import type { PublicClone } from "../../workers/clones/contract.ts";
import { money } from "../usage/money.ts";

/** What a clone costs those who ask it, in a line, to be read before they do; null where it costs them nothing. Written here, so that the page loads no script for it. */
export function priceLine(price: PublicClone["price"]): string | null {
  if (!price) return null;
  const { per_message, per_session, session_minutes, trial_messages } = price;
  const written = (microCredits: number) => {
    const { credits, usd } = money(microCredits, "en");
    return `${credits} (${usd})`;
  };
  const parts = [
    per_message !== null && `${written(per_message)} an answer, and what its model takes`,
    per_session !== null && `${written(per_session)} a session of ${session_minutes} minutes`,
    trial_messages > 0 && `the first ${trial_messages === 1 ? "answer is" : `${trial_messages} are`} free`,
  ];
  return parts.filter(Boolean).join(" · ") || null;
}
