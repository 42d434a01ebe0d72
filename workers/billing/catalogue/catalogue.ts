import type { BoughtOffer } from "../../db/billing-values.ts";
import type { Config } from "../../platform/config/config.ts";
import { type Offers, offersShape } from "../../platform/config/config-stripe.ts";
import { refusedField } from "../../platform/errors.ts";
import builtIn from "./offers.json";

const usual = offersShape.parse(builtIn);

/** What is sold here: what the operator sells, or else what the product comes with. */
export const offersOf = ({ OFFERS }: Config): Offers => OFFERS ?? usual;

/** A pack or a plan, as it is bought now. Throws `validation_failed` for one that is not sold, or not in that currency. */
export function offerOf(config: Config, kind: "pack" | "plan", id: string, currency: string): BoughtOffer {
  const { version, packs, plans } = offersOf(config);
  const all = kind === "pack" ? packs : plans;
  const found = all.find((each) => each.id === id);
  if (!found)
    throw refusedField(
      kind,
      `There is no ${kind} “${id}”. There are: ${all.map((each) => each.id).join(", ") || "none"}.`,
    );
  const amount = found.prices[currency];
  if (amount === undefined)
    throw refusedField("currency", `It is not sold in that currency. Use ${Object.keys(found.prices).join(", ")}.`);
  const { name, micro_credits: microCredits } = found;
  const rollover = "rollover" in found ? { rollover: found.rollover as "none" | "one_period" } : {};
  return { id, version, name, microCredits, currency, amount, ...rollover };
}
