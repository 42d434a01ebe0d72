import type { Model } from "./contract.ts";
import type { ModelInfo } from "./ports/chat-model.ts";

type Price = NonNullable<ModelInfo["price"]>;

/** What a model costs, as the API says it. */
export const presentPrice = ({ input, output }: Price): NonNullable<Model["price"]> => ({
  input_micro_credits: input,
  output_micro_credits: output,
});
