import { z } from "zod";
import { pageOf, pageQuery } from "../platform/http/paging.ts";
import { auditActions } from "./actions.ts";

const kinds = [...new Set(auditActions.map((action) => action.split(".")[0]))];

const filter = {
  action: z
    .string()
    .max(60)
    .refine((value) => auditActions.some((action) => action === value) || kinds.includes(value), {
      error: `Name an action such as “document.deleted”, or a kind: ${kinds.join(", ")}.`,
    })
    .optional()
    .describe("An action, or its first word."),
  actor_id: z.string().max(60).optional().describe("Whoever did it: a person or visitor."),
  resource_id: z.string().max(60).optional(),
  from: z.iso.datetime({ offset: true }).optional().describe("Not before."),
  until: z.iso.datetime({ offset: true }).optional().describe("Before."),
};

export const auditQuery = pageQuery.extend(filter);
export const auditExportQuery = z.strictObject({ ...filter, format: z.enum(["csv", "json"]).default("json") });
export type AuditQuery = Omit<z.output<typeof auditExportQuery>, "format">;

const anchor = z.object({ seq: z.number().int(), hash: z.string() });

export const auditEvent = z.object({
  id: z.string(),
  seq: z.number().int().describe("From 1, without gaps, within the workspace."),
  at: z.iso.datetime(),
  action: z.enum(auditActions),
  actor: z.object({
    kind: z.enum(["user", "key", "visitor", "job", "nobody"]),
    id: z.string().nullable(),
    name: z.string().nullable().describe("The name that the person has now."),
    email: z.string().nullable(),
    key_id: z.string().nullable(),
  }),
  resource: z.object({ kind: z.string(), id: z.string() }).nullable(),
  address: z.string().nullable(),
  agent: z.string().nullable(),
  request_id: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  hash: z.string().nullable().describe("The chain’s hash here; null for at most a minute after the event."),
});
export type WireAuditEvent = z.output<typeof auditEvent>;
export const auditPage = pageOf(auditEvent);

/** A log as a file. */
export const auditExport = z.object({
  format: z.literal("understudy.audit"),
  version: z.literal(1),
  workspace_id: z.string(),
  exported_at: z.iso.datetime(),
  head: anchor.describe("Where the chain stands."),
  events: z.array(auditEvent).describe("The newest first."),
});

export const verifyQuery = z
  .strictObject({
    seq: z.coerce.number().int().min(1).optional(),
    hash: z.string().max(100).optional(),
  })
  .refine(({ seq, hash }) => (seq === undefined) === (hash === undefined), {
    error: "Give both “seq” and “hash” of an earlier head, or neither.",
  });

export const verification = z.object({
  ok: z.boolean(),
  count: z.number().int(),
  head: anchor.describe("Keep it: a later check can be told that the chain must go through it."),
  breaks: z.array(z.object({ seq: z.number().int(), kind: z.enum(["missing", "altered", "moved", "forgotten"]) })),
});
