import { iso } from "../platform/clock.ts";
import { notFound, Problem } from "../platform/errors.ts";
import { paged } from "../platform/http/paging.ts";
import { newId } from "../platform/ids.ts";
import { recordAudit } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { callProcessor, settleCall } from "./call-processor.ts";
import {
  callPage,
  callQuery,
  eventPage,
  eventQuery,
  eventReplayed,
  refundInput,
  replayInput,
  settleInput,
  tags,
} from "./contract.ts";
import { type EventRow, listEventPage, reviveEvent } from "./inbox-queries.ts";
import { enqueueEvent } from "./messages.ts";
import { type CallRow, listCallPage } from "./outbox-queries.ts";
import { findInvoice } from "./queries.ts";

const presentEvent = ({ id, type, account, state, error, attempts, receivedAt, processedAt }: EventRow) => ({
  ...{ id, type, account, state, error, attempts, received_at: iso(receivedAt) },
  processed_at: processedAt === null ? null : iso(processedAt),
});

const presentCall = ({ id, account, call, state, object, error, attempts, flaggedAt, createdAt }: CallRow) => ({
  ...{ id, account, kind: call.kind, amount: call.amount, state, object, error, attempts },
  flagged: flaggedAt !== null,
  created_at: iso(createdAt),
});

export const listEvents = operation({
  summary: "What the processor of payments told, the latest first",
  tags,
  action: "platform.money",
  query: eventQuery,
  output: eventPage,
  async run({ db }, { query: { state, ...page } }) {
    const { rows, next_cursor } = await paged(
      page,
      (from) => listEventPage(db, state, from),
      ({ receivedAt, id }) => [receivedAt, id],
    );
    return { data: rows.map(presentEvent), next_cursor };
  },
});

/** Throws `not_found`. */
export const replayEvent = operation({
  summary: "Work on something once more that the processor told",
  description: "What followed from it before does not follow twice.",
  tags,
  action: "platform.money",
  inPerson: true,
  audit: "billing.event_replayed",
  input: replayInput,
  output: eventReplayed,
  async run(ctx, { body: { event } }) {
    const [row] = await reviveEvent(ctx.db, event, ctx.clock.now());
    if (!row) throw notFound("event");
    await recordAudit(ctx, { action: "billing.event_replayed", details: { event } });
    await enqueueEvent(ctx.env, row.id);
    return presentEvent(row);
  },
});

export const listCalls = operation({
  summary: "What the processor of payments was asked to do, the latest first",
  tags,
  action: "platform.money",
  query: callQuery,
  output: callPage,
  async run({ db }, { query: { flagged, ...page } }) {
    const { rows, next_cursor } = await paged(
      page,
      (from) => listCallPage(db, flagged, from),
      ({ createdAt, id }) => [createdAt, id],
    );
    return { data: rows.map(presentCall), next_cursor };
  },
});

/** Throws `not_found`. */
export const settleFlagged = operation({
  summary: "Say what came of a call of which nobody knows",
  description: "For one that is flagged, once somebody has looked at the processor of payments.",
  tags,
  action: "platform.money",
  inPerson: true,
  audit: "billing.call_settled",
  input: settleInput,
  output: callPage.shape.data.element,
  async run(ctx, { body: { call, object } }) {
    const row = await settleCall(ctx, call, object);
    if (!row) throw notFound("flagged call");
    await recordAudit(ctx, { action: "billing.call_settled", details: { call, object } }, row.account);
    return presentCall(row);
  },
});

/** Throws `not_found`, and `conflict` where the processor refuses. */
export const refundInvoice = operation({
  summary: "Give money back to whoever paid it",
  description: "The credits go with it, once the processor has told of it.",
  tags,
  action: "platform.money",
  inPerson: true,
  audit: "billing.refunded",
  input: refundInput,
  output: callPage.shape.data.element,
  async run(ctx, { body }) {
    const invoice = await findInvoice(ctx.db, body.invoice);
    if (!invoice?.payment) throw notFound("receipt or invoice");
    const { payment, account, total, refunded } = invoice;
    const amount = body.amount ?? total - refunded;
    if (amount < 1) throw new Problem("conflict", "All of it was given back already.");
    const id = `refund:${newId("call")}`;
    await recordAudit(ctx, { action: "billing.refunded", details: { invoice: invoice.id, amount, call: id } }, account);
    const row = await callProcessor(ctx, { id, account, call: { kind: "refund", payment, amount } });
    if (row.state === "failed") throw new Problem("conflict", `The processor of payments refuses: ${row.error}.`);
    return presentCall(row);
  },
});
