import type { Message } from "../workers/chat/contract.ts";

/** How the next questions are asked: of the models that were chosen, bound to one's own machines or not. */
export interface How {
  /** None for the one that answers here anyway. */
  models: readonly string[];
  privacy: Message["privacy"];
}

/** What a question says of how it is asked, where it says more than its conversation does. */
export const spoken = ({ models: [model], privacy }: How) => ({
  ...(model ? { model } : {}),
  ...(privacy ? { privacy } : {}),
});
