import { inject } from "vitest";
import { type Event, textOf } from "../chat/testing/turns.ts";

/** Lets an answer of the stand-in's model go on that holds still (`pause=` in its name), or will soon. */
export async function goOn(model = ""): Promise<void> {
  const url = new URL("/_resume", inject("openaiStandIn"));
  url.searchParams.set("model", model.slice("openai/".length));
  await fetch(url, { method: "POST" });
}

/** Whether all has come that a model says before it holds still after twenty words. */
export const hasTwenty = (seen: Event[]) => textOf(seen).endsWith(" word20");
