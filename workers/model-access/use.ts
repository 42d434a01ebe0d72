import type { ChargedTo } from "../metering/usage-event.ts";

/** What is bound to the owner's own machines is sent to no other; null binds to nothing. */
export type Privacy = "own" | null;

/** Whose keys a call is paid by, else the installation's, and what it is bound to. */
export interface Payer {
  workspaceId: string;
  privacy: Privacy;
}

/** What a model is called for. */
export type Purpose = "answer" | "title" | "summary" | "rewriting" | "embedding" | "rerank" | "vision";

/** A call of a model, as it is paid and told of: for what, on whose behalf, in which place. */
export interface ModelUse extends Payer {
  purpose: Purpose;
  /** The person who asked or uploaded; null of visitors, and of what nobody did. */
  userId: string | null;
  /** The API key that they asked by. */
  keyId: string | null;
  cloneId: string | null;
  conversationId: string | null;
  turnId: string | null;
}

/** Who asks, to whoever pays: people of other workspaces are visitors there, of whom nobody is told who they are. */
export function askedBy(
  asker:
    | { kind: "user"; userId: string; keyId: string | null; workspaceId: string }
    | { kind: string }
    | null
    | undefined,
  workspaceId: string,
): Pick<ModelUse, "userId" | "keyId"> {
  if (!asker || !("userId" in asker) || asker.workspaceId !== workspaceId) return { userId: null, keyId: null };
  return { userId: asker.userId, keyId: asker.keyId };
}

/** A use as it is charged. */
export const chargedTo = ({ privacy: _, ...charged }: ModelUse): ChargedTo => charged;
