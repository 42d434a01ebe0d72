import type { WireAuditEvent } from "../../workers/audit/contract.ts";

/** What somebody did, behind their name. */
const done: Record<WireAuditEvent["action"], string> = {
  "account.created": "created the account",
  "account.exported": "took out all their data",
  "account.erased": "left, and had the account erased",
  "consent.given": "agreed to the terms",
  "session.started": "signed in",
  "session.refused": "tried to sign in with a wrong password, code or passkey",
  "session.ended": "signed out",
  "password.changed": "chose a new password",
  "email.confirmed": "confirmed an e-mail address",
  "second_factor.enabled": "turned two-factor authentication on",
  "second_factor.codes_renewed": "made new recovery codes",
  "second_factor.disabled": "turned two-factor authentication off",
  "passkey.added": "added a passkey",
  "passkey.renamed": "renamed a passkey",
  "passkey.removed": "removed a passkey",
  "workspace.created": "made the workspace",
  "workspace.renamed": "renamed the workspace",
  "workspace.transferred": "handed the workspace over",
  "workspace.exported": "took out everything in the workspace",
  "workspace.deleted": "deleted the workspace",
  "retention.changed": "changed how long conversations are kept",
  "retention.previewed": "looked at what would be deleted by age",
  "retention.applied": "deleted conversations by age",
  "workspace.suspended": "suspended the workspace",
  "workspace.resumed": "let the workspace go on",
  "account.suspended": "suspended an account",
  "account.resumed": "let an account in again",
  "invitation.sent": "invited somebody",
  "invitation.revoked": "took an invitation back",
  "invitation.declined": "said no to an invitation",
  "member.joined": "joined",
  "member.changed": "changed a member",
  "member.removed": "took a member out",
  "member.left": "left",
  "key.created": "made an API key",
  "key.revoked": "ended an API key",
  "provider_key.set": "set a model provider’s key",
  "provider_key.removed": "removed a model provider’s key",
  "model.pulled": "had the box fetch a model",
  "model.deleted": "deleted a model from the box",
  "sso.created": "set up single sign-on",
  "sso.changed": "changed a single sign-on",
  "sso.deleted": "ended a single sign-on",
  "sso.domain_added": "named a domain for single sign-on",
  "sso.domain_verified": "verified a domain",
  "sso.domain_removed": "took a domain from single sign-on",
  "sso.domain_lost": "let a domain go to another workspace, which has proven it",
  "sso.refused": "came to nothing with single sign-on",
  "wallet.limits_changed": "changed what may be spent",
  "wallet.credits_given": "gave credits",
  "consultation.opened": "opened a session with a clone",
  "consultation.extended": "made a session with a clone longer",
  "consultation.closed": "closed a session with a clone",
  "clone.priced": "changed what a clone costs",
  "billing.checkout_started": "went to buy credits or a plan",
  "billing.portal_opened": "looked after the card and the plan",
  "billing.payee_onboarding": "went to say who is paid",
  "billing.paid_out": "had paid out what was earned",
  "billing.refunded": "gave money back",
  "billing.call_settled": "said what came of a payment of which nobody knew",
  "billing.event_replayed": "had something of the payments worked on again",
  "clone.created": "created a clone",
  "clone.changed": "changed a clone",
  "clone.deleted": "deleted a clone",
  "document.uploaded": "added a document",
  "document.changed": "changed a document",
  "document.replaced": "gave a document a new file",
  "document.retried": "had a document read again",
  "document.link_created": "made a download link to a document",
  "document.deleted": "deleted a document",
  "website.imported": "imported from the web",
  "pipeline.changed": "changed how documents are read",
  "conversation.created": "began a conversation",
  "conversation.changed": "changed a conversation",
  "conversation.forked": "copied a conversation’s branch",
  "conversation.shared": "shared a conversation",
  "conversation.unshared": "ended the sharing of a conversation",
  "conversation.archived": "archived conversations",
  "conversation.imported": "brought in conversations",
  "conversation.exported": "took out conversations",
  "conversation.deleted": "deleted conversations",
  "message.asked": "asked a question",
  "message.deleted": "deleted a message",
  "message.withdrawn": "took back a question",
  "answer.moved": "asked another model than the one that had to be waited for",
  "answer.stopped": "stopped an answer",
  "evaluation.added": "added test questions",
  "evaluation.removed": "removed a test question",
  "evaluation.started": "tested a clone",
  "limit.reached": "reached a rate limit",
  "audit.exported": "exported this log",
};

/** What an event says was done. */
export const doneIn = ({ action }: WireAuditEvent): string => done[action];

/** Who an event says it was. */
export function whoIn({ actor }: WireAuditEvent): string {
  const person = actor.name ?? actor.email;
  switch (actor.kind) {
    case "user":
      return person ?? "Somebody whose account is gone";
    case "key":
      return `An API key of ${person ?? "somebody whose account is gone"}`;
    case "visitor":
      return "A visitor";
    case "job":
      return "Understudy";
    case "nobody":
      return "Somebody";
  }
}

/** What an event is about, where it has a name. */
export function whatIn({ details }: WireAuditEvent): string | null {
  for (const key of ["filename", "name", "url", "format", "kind"]) {
    const value = details[key];
    if (typeof value === "string") return value;
  }
  return Array.isArray(details.fields) ? details.fields.join(", ") : null;
}

/** Kinds of events to choose from, by the first word of their actions. */
export const kinds: { value: string; label: string }[] = [
  { value: "", label: "Everything" },
  { value: "session", label: "Signing in and out" },
  { value: "account", label: "Accounts" },
  { value: "passkey", label: "Passkeys" },
  { value: "key", label: "API keys" },
  { value: "provider_key", label: "Model providers’ keys" },
  { value: "model", label: "Models on the box" },
  { value: "sso", label: "Single sign-on" },
  { value: "clone", label: "Clones" },
  { value: "document", label: "Documents" },
  { value: "website", label: "Websites" },
  { value: "pipeline", label: "How documents are read" },
  { value: "conversation", label: "Conversations" },
  { value: "message", label: "Questions" },
  { value: "answer", label: "Answers" },
  { value: "evaluation", label: "Tests" },
  { value: "limit", label: "Rate limits" },
  { value: "audit", label: "This log" },
];
