import { isProblem } from "../../platform/errors.ts";
import { mailName, sendMail } from "../../platform/mail/mail.ts";
import type { Runtime } from "../../platform/runtime.ts";

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
  const who = mailName(invitedBy);
  const name = mailName(workspace);
  const text = `“${who}” invites you to the workspace “${name}” at Understudy. Open this link to join. It works once, for seven days, signed in with this address.\n\n${url}\n\nIf you do not know “${who}”, do nothing.`;
  try {
    await sendMail(runtime, { to, subject: `${who} invites you to “${name}”`, text });
    return true;
  } catch (error) {
    if (!isProblem(error) || error.code !== "not_ready") runtime.log.error("invitation_not_mailed", error);
    return false;
  }
}
