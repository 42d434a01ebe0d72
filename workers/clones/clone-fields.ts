import type { z } from "zod";
import type { updateCloneInput } from "./contract.ts";

type Given = z.output<typeof updateCloneInput>;

/** What was given of a clone, as its row says it; what was not given is not there. */
export function toRow({ source_access, top_p, max_tokens, reasoning_effort, ...same }: Given) {
  return {
    ...same,
    ...(source_access !== undefined && { sourceAccess: source_access }),
    ...(top_p !== undefined && { topP: top_p }),
    ...(max_tokens !== undefined && { maxTokens: max_tokens }),
    ...(reasoning_effort !== undefined && { reasoning: reasoning_effort }),
  };
}
