/** What an erasure's list tells of, each by its id; of a membership, the workspace's. */
export const erasedKinds = ["workspace", "membership", "clone", "document", "conversation", "key", "session"] as const;
export type ErasedKind = (typeof erasedKinds)[number];
