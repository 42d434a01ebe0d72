import { findPrivacy } from "../../clones/queries.ts";
import type { ModelUse, Purpose } from "../../model-access/use.ts";
import type { Context } from "../../workspaces/context.ts";
import type { Work } from "./step-work.ts";

/** What a step calls a model for: on the account of the document's workspace, and of who put it there, bound as its clone is. */
export const modelUseOf = async ({ db }: Context, { document }: Work, purpose: Purpose): Promise<ModelUse> => ({
  purpose,
  ...{ workspaceId: document.workspaceId, privacy: await findPrivacy(db, document.cloneId) },
  ...{ userId: document.createdBy, keyId: null, cloneId: document.cloneId, conversationId: null, turnId: null },
});
