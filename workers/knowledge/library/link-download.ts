import { recordAudit } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { tags } from "../contract.ts";
import { signDownload } from "./download-token.ts";
import { getDocument } from "./get-document.ts";

export const linkDownload = operation({
  summary: "An address that gives the original file without signing in, for five minutes, while you may read it",
  tags,
  action: "document.read",
  audit: "document.link_created",
  params: ["id"],
  async run(ctx, { params: { id } }) {
    const row = await getDocument(ctx, id);
    const { userId, keyId } = ctx.actor;
    const access = { userId, keyId, sessionId: ctx.session?.id ?? null };
    const link = await signDownload(ctx.config, row, access, ctx.clock.now());
    await recordAudit(ctx, { action: "document.link_created", resource: { kind: "document", id } });
    return link;
  },
});
