import { describeDocument } from "../queries.ts";
import { descriptionOf } from "./reader.ts";
import type { RunStep } from "./step-work.ts";

/** Notes what the document is: title, author and date as the file says them, and the language of its words. */
export const metadata: RunStep = async (ctx, work) => {
  const { pages, properties, leftOut } = await descriptionOf(ctx, work);
  await describeDocument(ctx.db, work.document.id, { pages, ...properties, leftOut });
  return { properties: Object.values(properties).filter((value) => value !== null).length };
};
