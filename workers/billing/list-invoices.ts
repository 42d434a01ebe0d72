import { iso } from "../platform/clock.ts";
import { paged, pageQuery } from "../platform/http/paging.ts";
import { operation } from "../workspaces/operation.ts";
import { invoicePage, tags } from "./contract.ts";
import { type InvoiceRow, listInvoicePage } from "./queries.ts";

export const presentInvoice = ({
  id,
  number,
  status,
  currency,
  subtotal,
  tax,
  total,
  refunded,
  ...row
}: InvoiceRow) => ({
  id,
  kind: number === null ? ("receipt" as const) : ("invoice" as const),
  number,
  status,
  purchase: row.checkout,
  currency,
  subtotal,
  tax,
  total,
  refunded,
  url: row.url,
  pdf_url: row.pdfUrl,
  created_at: iso(row.createdAt),
});

export const listInvoices = operation({
  summary: "Invoices and receipts, newest first",
  tags,
  action: "wallet.spend",
  query: pageQuery,
  output: invoicePage,
  async run({ db, actor }, { query }) {
    const { rows, next_cursor } = await paged(
      query,
      (from) => listInvoicePage(db, actor.workspaceId, from),
      ({ createdAt, id }) => [createdAt, id],
    );
    return { data: rows.map(presentInvoice), next_cursor };
  },
});
