import { isProblem } from "../platform/errors.ts";
import { sendMail } from "../platform/mail.ts";
import type { Runtime } from "../platform/runtime.ts";

interface MailedInvitation {
  to: string;
  workspace: string;
  invitedBy: string;
  url: string;
}

/** Mails an invitation; whether it could be. The link is shown to who invites as well, so that a failure costs nothing but a copy. */
export async function mailInvitation(
  runtime: Runtime,
  { to, workspace, invitedBy, url }: MailedInvitation,
): Promise<boolean> {
  const text = `${invitedBy} invites you to the workspace “${workspace}” at Understudy. Open this link to join. It works once, for seven days, signed in with this address.\n\n${url}\n\nIf you do not know ${invitedBy}, do nothing.`;
  try {
    await sendMail(runtime, { to, subject: `${invitedBy} invites you to “${workspace}”`, text });
    return true;
  } catch (error) {
    if (!isProblem(error) || error.code !== "not_ready") runtime.log.error("invitation_not_mailed", error);
    return false;
  }
}
