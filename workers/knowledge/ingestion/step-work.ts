import type { ModelUse, Purpose } from "../../model-access/use.ts";
import type { Description } from "../../reading/reader-tasks.ts";
import type { Context } from "../../workspaces/context.ts";
import type { Cut } from "../document-files.ts";
import type { DocumentRow } from "../queries.ts";

/** Results handed from step to step in one delivery; after a redelivery they come from R2 instead. */
export interface Carried {
  description?: Description;
  cut?: Cut;
  embedderId?: string;
}

/** One step at work: `progress` takes the step's own share, 0 to 1. */
export interface Work {
  document: DocumentRow;
  runId: string;
  /** How often the step was begun, from 1. */
  attempt: number;
  carried: Carried;
  progress(share: number): Promise<void>;
}

/** What a step calls a model for: on the account of the document's workspace, and of who put it there. */
export const modelUseOf = ({ document }: Work, purpose: Purpose): ModelUse => ({
  purpose,
  ...{ workspaceId: document.workspaceId, privacy: null, userId: document.createdBy, keyId: null },
  ...{ cloneId: document.cloneId, conversationId: null, turnId: null },
});

/** What one step made, in numbers for the run's record. */
export type Output = Record<string, number>;

/** A step of the pipeline. It may be repeated: it writes the same again. */
export type RunStep = (ctx: Context, work: Work) => Promise<Output>;
