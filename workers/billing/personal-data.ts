import { batch } from "../db/batch.ts";
import { jsonListFile } from "../platform/rooms/archive-file.ts";
import type { Erased, PersonalData } from "../platform/rooms/personal-data.ts";
import type { Runtime } from "../platform/runtime.ts";
import { presentInvoice } from "./list-invoices.ts";
import { processorOf } from "./processor-of.ts";
import { eachInvoice, endCheckout, listPlansOf, removeBilling } from "./queries.ts";

async function* invoicesOf({ db }: Runtime, workspaceId: string) {
  for await (const row of eachInvoice(db, workspaceId)) yield presentInvoice(row);
}

/** Ends the plans of workspaces that go: nobody is charged for what is not there any more. */
async function endPlans(runtime: Runtime, of: Erased): Promise<boolean> {
  for (const { id, subscription } of await listPlansOf(runtime.db, of)) {
    if (subscription !== null) await processorOf(runtime).endPlan(subscription);
    await batch(runtime.db, [endCheckout(runtime.db, id, runtime.clock.now())]);
  }
  return true;
}

/**
 * What a workspace bought. Books of who paid what are kept by the processor, as the law asks; here its link to them goes, and invoices with it. What was told and what was asked
 * stays, which names ids alone.
 */
export const personalData: PersonalData = {
  ofWorkspace: {
    async *files(runtime, workspaceId) {
      yield jsonListFile(runtime, "invoices.json", invoicesOf(runtime, workspaceId));
    },
  },
  erasure: { remove: { step: "plans", some: endPlans }, workspaces: { remove: removeBilling } },
};
