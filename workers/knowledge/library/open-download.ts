import { findLivingKey } from "../../accounts/api-key-queries.ts";
import { sessionEnd } from "../../accounts/read-session.ts";
import { notFound } from "../../platform/errors.ts";
import { openOperation } from "../../platform/open-operation.ts";
import { membershipIn } from "../../workspaces/queries.ts";
import { may } from "../../workspaces/roles.ts";
import { stands } from "../../workspaces/standing.ts";
import { tags } from "../contract.ts";
import { findDocumentWithClone } from "../queries.ts";
import { readDownload } from "./download-token.ts";

/**
 * Only as far as whoever asked for the address may have the file at this moment: a member who is not suspended, with a role that reads documents, by
 * a session or key that goes on. Throws `not_found` for everything else.
 */
export const openDownload = openOperation({
  summary: "The file that a signed address stands for",
  tags,
  params: ["token"],
  async run(call, { params: { token } }) {
    const { db, config, clock } = call;
    const gone = () => notFound("file, or its address has expired");
    const named = await readDownload(config, token, clock.now());
    if (!named) throw gone();
    const document = (await findDocumentWithClone(db, named.documentId))?.document;
    // A document that has another file by now is not what the address was made for.
    if (!document || document.storageKey !== named.storageKey) throw gone();
    const { userId, sessionId, keyId } = named;
    const [membership, goesOn] = await Promise.all([
      membershipIn(db, userId, document.workspaceId),
      keyId === null ? sessionEnd(call, { id: sessionId ?? "", userId }) : findLivingKey(db, keyId, clock.now()),
    ]);
    const mayRead = membership && stands(membership) && may(membership.role, "document.read");
    const isShown = document.access !== "me" || document.createdBy === userId;
    if (!goesOn || !mayRead || !isShown) throw gone();
    return document;
  },
});
