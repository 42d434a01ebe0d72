import type { ModelInfo } from "./chat-model.ts";
import type { Connection, Lane } from "./connection.ts";
import type { Price } from "./price.ts";

/** A model as a call of it is counted: whose it is, on whose machine, by whose key, at which price. */
export interface CalledModel {
  /** `provider/name`. */
  id: string;
  provider: string;
  lane: Lane;
  /** Null of what is built in, which nobody pays. */
  payer: Connection["payer"] | null;
  /** Null where nobody knows. */
  price: Price | null;
}

export const calledModel = (
  { id, provider, lane, price }: Pick<ModelInfo, "id" | "provider" | "lane" | "price">,
  connection: Connection | null,
): CalledModel => ({ id, provider, lane, payer: connection?.payer ?? null, price });
