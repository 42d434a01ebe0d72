import { findPrivacy } from "../../clones/queries.ts";
import type { Payer } from "../../model-access/use.ts";
import type { Context } from "../../workspaces/context.ts";
import type { DocumentRow } from "../queries.ts";

/** Who pays for what models make of a document, and what its clone is bound to. */
export const payerOf = async ({ db }: Context, { workspaceId, cloneId }: DocumentRow): Promise<Payer> => ({
  workspaceId,
  privacy: await findPrivacy(db, cloneId),
});
