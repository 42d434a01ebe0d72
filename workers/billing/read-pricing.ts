import { openOperation } from "../platform/open-operation.ts";
import { offersOf } from "./catalogue/catalogue.ts";
import { pricing, tags } from "./contract.ts";

export const readPricing = openOperation({
  summary: "What is sold: packs of credits, and monthly plans",
  tags,
  output: pricing,
  run: ({ config }) => offersOf(config),
});
