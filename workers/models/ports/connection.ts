import type { Provider } from "./provider.ts";

/** For how long an answer is waited for, in ms. */
export interface Waits {
  /** Until the model is first heard of, or its server says again that it is there. */
  firstTokenMs: number;
  /** Between two pieces. */
  stallMs: number;
}

/** Whose machine a model answers on: one of the owner's own, somebody's cloud, or none, as it is built in. */
export type Lane = "own" | "cloud" | "offline";

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
  /** Whose machine that is: what is bound to the owner's own is sent to no other. */
  lane: Exclude<Lane, "offline">;
  /** Whose key pays. */
  payer: "installation" | "workspace";
  /** Sent with every call beside the key, such as the service token of a tunnel. */
  headers?: Record<string, string>;
  /** Whether somebody other than the operator gave the address, so that no call may reach the network that the Worker runs in. */
  isGuarded?: boolean;
  /** Whether what goes by it is bound to the owner's own machines: models that leave these are not asked. */
  isBound?: boolean;
  /** For how long a machine of one's own keeps a model loaded behind a call; as it is set up where it says nothing. */
  keepAlive?: string | number;
  /** Whether its calls stand in one line, as it does one thing at a time. */
  hasLine?: boolean;
  /** How long it may take; as for any model where it says nothing. */
  waits?: Waits;
}

/** What a workspace brings of its own for a provider. */
export interface OwnConnection {
  apiKey?: string | undefined;
  /** In the place of the installation's, whose key never goes there. */
  address?: string | undefined;
  /** Sent to that address with every call. */
  headers?: Record<string, string> | undefined;
  /** Whether it is a machine of the workspace's own, as its owner says. */
  isOwn?: boolean;
}

/** The providers that somebody's calls may go to, and what each is reached by. */
export interface Connections {
  /** Whether only machines of the owner's own may be reached: also for a provider that passes a model on to others. */
  isBound: boolean;
  /** Every provider that can be asked for; whether it is set up, `reach` says. */
  providers(): Promise<readonly Provider[]>;
  /** What a provider is reached by; null where it is not set up, or not allowed. Asked only of one that is about to be needed. */
  reach(provider: Provider): Promise<Connection | null>;
}
