import type { z } from "zod";
import type { AuditSource } from "../../audit/record.ts";
import type { Relied } from "../../platform/changes/changes-object.ts";
import type { TraceContext } from "../../platform/tracing/trace-context.ts";
import { auditSource } from "../../workspaces/audited.ts";
import type { Actor, Context } from "../../workspaces/context.ts";
import { type Holder, holderOf, type Reader, readerOf } from "../../workspaces/standing.ts";
import { ownerOf } from "../access.ts";
import type { sampling } from "../contract.ts";
import type { Owner } from "../queries.ts";

export type Sampling = z.output<z.ZodObject<typeof sampling>>;

/** Who asks, as plain data that goes from the request to the conversation's object. */
export interface AskedBy {
  actor: Exclude<Actor, { kind: "job" }>;
  owner: Owner;
  holder: Holder | null;
  /** As whom they read the answer. */
  reader: Reader;
  source: AuditSource;
  /** What is believed of them since so long that the object has to ask whether it still holds. */
  relied: readonly Relied[];
  /** What their request is part of. */
  trace: TraceContext | null;
}

/** What a conversation is asked. */
export type Asked =
  | {
      kind: "question";
      /** The asker's own id for the message. */
      id: string | undefined;
      content: string;
      /** The message that it follows; undefined for what is shown. */
      parentId: string | null | undefined;
      sampling: Sampling;
      /** Several, for answers side by side; null for one, by `sampling`. */
      models: string[] | null;
      mayQueue: boolean;
    }
  | { kind: "again"; messageId: string; sampling: Sampling }
  | { kind: "continue"; messageId: string };

/** The caller, where a conversation is asked. Throws `unauthenticated` for the product's own jobs. */
export function askedBy(ctx: Context<AskedBy["actor"]>): AskedBy {
  const { actor, relied } = ctx;
  const reader = readerOf(ctx, "conversation.write");
  const trace = ctx.span?.context ?? null;
  return { actor, owner: ownerOf(ctx), holder: holderOf(actor), reader, source: auditSource(ctx), relied, trace };
}
