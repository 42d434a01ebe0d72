import type { WireEntry } from "../../workers/wallet/contract.ts";
import { modelName } from "../chat/settings/model-name.ts";
import { money } from "../usage/money.ts";
import { purposeName } from "../usage/words.ts";
import { paidAs } from "./offers.ts";

type Kind = WireEntry["kind"];
type Details = WireEntry["details"];
/** What the workspace's own clones are called, by their ids. */
export type CloneNames = Readonly<Record<string, string>>;

const textIn = (details: Details, key: string): string | null => {
  const value = details[key];
  return typeof value === "string" && value !== "" ? value : null;
};

function cloneIn(details: Details, names: CloneNames): string | null {
  const id = textIn(details, "clone_id");
  return id && (names[id] ?? "another’s clone");
}

/** What was paid for it, in the currency that it was paid in. */
function priceIn(details: Details, locale: string): string | null {
  const [currency, amount] = [textIn(details, "currency"), details.amount];
  return currency === null || typeof amount !== "number" ? null : paidAs(amount, currency, locale);
}

const answerOf = (details: Details, names: CloneNames): string => {
  const clone = cloneIn(details, names);
  return clone ? `Answer by ${clone}` : "Answer";
};

const titles: Record<Kind, (entry: WireEntry, names: CloneNames, locale: string) => string> = {
  hold: ({ details }, names) => answerOf(details, names),
  charge: ({ details }, names) => {
    const purpose = textIn(details, "purpose");
    return purpose && purpose !== "answer" ? purposeName(purpose) : answerOf(details, names);
  },
  fund: ({ micro_credits }, _, locale) => `Bought ${money(micro_credits, locale).credits}`,
  grant: ({ micro_credits, details }, _, locale) => {
    const { credits } = money(micro_credits, locale);
    return textIn(details, "offer") ? `${credits} of the plan` : `${credits} given`;
  },
  expiry: () => "Credits that ended unused",
  refund: () => "Refund",
  dispute: () => "Dispute of a payment",
  session: ({ details }, names) =>
    textIn(details, "session") ? "Session made longer" : `Session with ${cloneIn(details, names) ?? "a clone"}`,
  earning: ({ details }, names) => `Earned by ${cloneIn(details, names) ?? "a clone"}`,
  reversal: ({ details }, names) =>
    `Earnings taken back${cloneIn(details, names) ? ` of ${cloneIn(details, names)}` : ""}`,
  payout: () => "Paid out",
};

/** What was done, in a few words; behind it the model, or what was paid. */
export function storyOf(entry: WireEntry, names: CloneNames, locale: string): { title: string; aside: string | null } {
  const model = textIn(entry.details, "model");
  const aside = model ? modelName(model) : priceIn(entry.details, locale);
  return { title: titles[entry.kind](entry, names, locale), aside };
}

export interface Standing {
  name: string;
  tone: "plain" | "good" | "warn" | "danger";
}

const standings: Record<WireEntry["state"], Standing> = {
  held: { name: "Set aside", tone: "warn" },
  settled: { name: "Paid", tone: "plain" },
  released: { name: "Given back", tone: "plain" },
  expired: { name: "Given back", tone: "plain" },
  done: { name: "Done", tone: "plain" },
  open: { name: "Open", tone: "warn" },
  won: { name: "Won", tone: "good" },
  lost: { name: "Lost", tone: "danger" },
  closed: { name: "Over", tone: "plain" },
  paid: { name: "Arrived", tone: "good" },
  failed: { name: "Failed", tone: "danger" },
};

/** Where it stands, in a word. */
export const standingOf = ({ kind, state }: WireEntry): Standing => {
  if (kind === "earning" && state === "open") return { name: "Pending", tone: "warn" };
  if (kind === "earning") return { name: "Can be paid out", tone: "good" };
  if (kind === "payout" && state === "open") return { name: "On its way", tone: "warn" };
  return standings[state];
};

/** What the time is until which something holds. */
export const untilNames: Partial<Record<Kind, string>> = {
  hold: "Given back by itself",
  grant: "Can be used until",
  session: "Open until",
  earning: "Can be paid out from",
};
