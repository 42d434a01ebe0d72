import { jsonListFile } from "../platform/rooms/archive-file.ts";
import type { PersonalData } from "../platform/rooms/personal-data.ts";
import type { Runtime } from "../platform/runtime.ts";
import { presentInvoice } from "./list-invoices.ts";
import { eachInvoice, removeBilling } from "./queries.ts";

async function* invoicesOf({ db }: Runtime, workspaceId: string) {
  for await (const row of eachInvoice(db, workspaceId)) yield presentInvoice(row);
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
  erasure: { workspaces: { remove: removeBilling } },
};
