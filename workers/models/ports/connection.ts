import type { Provider } from "./provider.ts";

/** For how long an answer is waited for, in ms. */
export interface Waits {
  /** Until the model is first heard of, or its server says again that it is there. */
  firstTokenMs: number;
  /** Between two pieces. */
  stallMs: number;
}

/**
 * What a provider is reached by, whoever pays. Plain data: two that say the same are the same one, and share the models that are kept
 * ready. A call goes by no other address and key than these.
 */
export interface Connection {
  /** The name of the provider. */
  provider: string;
  /** The URL below which it answers, without a slash at its end; of a binding, its name. */
  address: string;
  apiKey: string | undefined;
  /** How long it may take; as for any model where it says nothing. */
  waits?: Waits;
}

/** Finds what a provider is reached by; null where it is not set up. Asked only of a provider that is about to be needed. */
export type Connections = (provider: Provider) => Promise<Connection | null>;
