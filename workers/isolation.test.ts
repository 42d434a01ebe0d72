import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import { api } from "./api.ts";
import { standIn } from "./chat/testing/turns.ts";
import { fileOf } from "./knowledge/testing/documents.ts";
import { type Belongings, canary, furnish, missingLike, nothing } from "./testing/belongings.ts";
import { addMember, call, jsonOf, makeClone, signUp, workspaceOf } from "./testing/client.ts";
import { idsIn, idsUsedBy, rowsNaming } from "./testing/isolation.ts";
import { actionOf } from "./testing/operations.ts";
import { actions, may, roles } from "./workspaces/roles.ts";

/** Routes that ask for no role: open to all, or about one's own account. */
const ofNoRole =
  /^\w+ \/(health|ready|api\/(openapi\.json|docs|stripe|v1\/(auth|policy|pricing|public|visitors|downloads|models|invitations|me|erasures|outbox|workspaces$)))(\/|$)/;

type Probe = (of: Belongings) => {
  path: string;
  json?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
};
/**
 * `open`: for everybody. `own`: answers, but never with anything of another tenant. `foreign`: looks as if it did not exist.
 * `platform`: for whoever runs the installation only.
 */
interface Rule {
  kind: "open" | "own" | "foreign" | "platform";
  probe: Probe;
}

const at = (path: (of: Belongings) => string, json?: (of: Belongings) => unknown): Probe => {
  return (of) => ({ path: path(of), ...(json ? { json: json(of) } : {}) });
};
const open = (path: string): Rule => ({ kind: "open", probe: () => ({ path }) });
const own = (path: string, json?: (of: Belongings) => unknown): Rule => ({ kind: "own", probe: at(() => path, json) });
const foreign = (path: (of: Belongings) => string, json?: (of: Belongings) => unknown): Rule => ({
  kind: "foreign",
  probe: at(path, json),
});
const platform = (path: (of: Belongings) => string, json?: (of: Belongings) => unknown): Rule => ({
  kind: "platform",
  probe: at(path, json),
});
const v1 = "/api/v1";
const file = () => {
  const body = new FormData();
  body.set("file", fileOf("a.md", "# A"));
  return body;
};
const form = (of: Belongings) => {
  const body = file();
  body.set("clone_id", of.clone);
  return body;
};

/** The smallest thing that ChatGPT's export may hold. */
const imported = [{ title: "Mine", mapping: {}, current_node: null, create_time: 1 }];

/** Every route of the API. One that is missing here fails the test: somebody has to say who may use it. */
const rules: Record<string, Rule> = {
  "GET /health": open("/health"),
  "GET /ready": open("/ready"),
  "GET /health/detailed": open("/health/detailed"),
  "GET /health/db": open("/health/db"),
  "GET /health/ai": open("/health/ai"),
  "GET /api/openapi.json": open("/api/openapi.json"),
  "GET /api/docs": open("/api/docs"),
  "POST /api/v1/auth/register": open(`${v1}/auth/register`),
  "POST /api/v1/auth/login": open(`${v1}/auth/login`),
  "POST /api/v1/auth/ldap": open(`${v1}/auth/ldap`),
  "POST /api/v1/auth/logout": open(`${v1}/auth/logout`),
  "POST /api/v1/auth/refresh": open(`${v1}/auth/refresh`),
  "POST /api/v1/auth/password/reset": open(`${v1}/auth/password/reset`),
  "POST /api/v1/auth/password/reset/confirm": open(`${v1}/auth/password/reset/confirm`),
  "POST /api/v1/auth/email/verify": open(`${v1}/auth/email/verify`),
  "POST /api/v1/auth/2fa/verify": open(`${v1}/auth/2fa/verify`),
  "GET /api/v1/auth/oauth": open(`${v1}/auth/oauth`),
  "GET /api/v1/auth/oauth/:provider": open(`${v1}/auth/oauth/oidc`),
  // What comes back must be of the browser that began: `workers/accounts/providers/oauth.test.ts` has it.
  "GET /api/v1/auth/oauth/:provider/callback": open(`${v1}/auth/oauth/oidc/callback`),
  "POST /api/v1/auth/sso": open(`${v1}/auth/sso`),
  // For whoever is to sign in; `workers/workspaces/sso/` has what comes back.
  "GET /api/v1/auth/sso/:connection": open(`${v1}/auth/sso/sso_x`),
  "GET /api/v1/auth/sso/:connection/callback": open(`${v1}/auth/sso/sso_x/callback`),
  "POST /api/v1/auth/sso/:connection/acs": open(`${v1}/auth/sso/sso_x/acs`),
  "GET /api/v1/auth/sso/:connection/finish": open(`${v1}/auth/sso/sso_x/finish`),
  "GET /api/v1/auth/sso/:connection/metadata": open(`${v1}/auth/sso/sso_x/metadata`),
  "GET /api/v1/auth/2fa": own(`${v1}/auth/2fa`),
  "POST /api/v1/auth/2fa/setup": own(`${v1}/auth/2fa/setup`),
  // Both need a code; `workers/accounts/two-factor.test.ts` has them.
  "POST /api/v1/auth/2fa/recovery-codes": open(`${v1}/auth/2fa/recovery-codes`),
  "POST /api/v1/auth/2fa/disable": open(`${v1}/auth/2fa/disable`),
  "GET /api/v1/auth/passkeys": own(`${v1}/auth/passkeys`),
  "POST /api/v1/auth/passkeys/options": own(`${v1}/auth/passkeys/options`, () => ({})),
  // What an authenticator says: `workers/accounts/passkeys/passkeys.test.ts` and `passkey-sign-in.test.ts` have it.
  "POST /api/v1/auth/passkeys": open(`${v1}/auth/passkeys`),
  "POST /api/v1/auth/passkeys/sign-in/options": open(`${v1}/auth/passkeys/sign-in/options`),
  "POST /api/v1/auth/passkeys/sign-in": open(`${v1}/auth/passkeys/sign-in`),
  "PATCH /api/v1/auth/passkeys/:id": foreign(
    (of) => `${v1}/auth/passkeys/${of.passkey}`,
    () => ({ name: "Mine" }),
  ),
  "DELETE /api/v1/auth/passkeys/:id": foreign((of) => `${v1}/auth/passkeys/${of.passkey}`),
  "GET /api/v1/auth/sessions": own(`${v1}/auth/sessions`),
  "DELETE /api/v1/auth/sessions": own(`${v1}/auth/sessions`),
  "DELETE /api/v1/auth/sessions/:id": foreign((of) => `${v1}/auth/sessions/${of.session}`),
  "POST /api/v1/auth/email/verification": own(`${v1}/auth/email/verification`),
  "POST /api/v1/auth/email/change": own(`${v1}/auth/email/change`, () => ({
    email: "moved@example.com",
    password: "correct horse battery staple",
  })),
  "PUT /api/v1/auth/password/change": own(`${v1}/auth/password/change`, () => ({
    current_password: "correct horse battery staple",
    new_password: "purple otters juggling teacups",
  })),
  "GET /api/v1/outbox": open(`${v1}/outbox`),
  "GET /api/v1/public/demo": open(`${v1}/public/demo`),
  "GET /api/v1/public/clones/:slug": { kind: "foreign", probe: at((of) => `${v1}/public/clones/${of.slug}`) },
  "POST /api/v1/visitors": {
    kind: "foreign",
    probe: at(
      () => `${v1}/visitors`,
      (of) => ({ clone: of.slug }),
    ),
  },
  "GET /api/v1/me": own(`${v1}/me`),
  "GET /api/v1/policy": open(`${v1}/policy`),
  "GET /api/v1/me/consents": own(`${v1}/me/consents`),
  // Here nobody is asked; `workers/accounts/consents.test.ts` has both.
  "POST /api/v1/me/consents": open(`${v1}/me/consents`),
  "POST /api/v1/auth/oauth/agreement": open(`${v1}/auth/oauth/agreement`),
  // It takes the password, and there is no way back; `workers/personal-data/erasure.test.ts` has it.
  "POST /api/v1/me/erasure": open(`${v1}/me/erasure`),
  "GET /api/v1/erasures/:token": open(`${v1}/erasures/no.such.token`),
  "POST /api/v1/me/export": own(`${v1}/me/export`),
  "POST /api/v1/api-keys": own(`${v1}/api-keys`, () => ({ name: "Mine" })),
  "GET /api/v1/api-keys": own(`${v1}/api-keys`),
  "DELETE /api/v1/api-keys/:id": foreign((of) => `${v1}/api-keys/${of.key}`),
  "GET /api/v1/audit": own(`${v1}/audit`),
  "GET /api/v1/audit/export": own(`${v1}/audit/export`),
  "GET /api/v1/audit/verify": own(`${v1}/audit/verify`),
  "GET /api/v1/usage": own(`${v1}/usage`),
  "GET /api/v1/wallet": own(`${v1}/wallet`),
  "GET /api/v1/wallet/entries": own(`${v1}/wallet/entries`),
  // Each wallet has its own: `workers/wallet/wallet.test.ts` asks for another's.
  "GET /api/v1/wallet/entries/:id": foreign(() => `${v1}/wallet/entries/turn_01ARZ3NDEKTSV4RRFFQ69G5FAV`),
  "GET /api/v1/wallet/limits": own(`${v1}/wallet/limits`),
  "PUT /api/v1/wallet/limits": own(`${v1}/wallet/limits`, () => ({
    per_message: null,
    per_day: null,
    per_month: null,
  })),
  "GET /api/v1/earnings": own(`${v1}/earnings`),
  "GET /api/v1/messages/:id/receipt": foreign((of) => `${v1}/messages/${of.answer}/receipt`),
  "GET /api/v1/pricing": open(`${v1}/pricing`),
  // Who sends this is said by a signature: `workers/billing/inbox.test.ts` has it.
  "POST /api/stripe/webhook": open("/api/stripe/webhook"),
  "POST /api/v1/wallet/checkout": own(`${v1}/wallet/checkout`, () => ({ pack: "small" })),
  "POST /api/v1/wallet/portal": own(`${v1}/wallet/portal`),
  "GET /api/v1/invoices": own(`${v1}/invoices`),
  "POST /api/v1/earnings/onboard": own(`${v1}/earnings/onboard`),
  // Nobody here has said who is paid, and there is nothing to see: `workers/billing/payouts/payouts.test.ts` has somebody.
  "POST /api/v1/earnings/payouts": open(`${v1}/earnings/payouts`),
  "GET /api/v1/platform/billing/events": platform(() => `${v1}/platform/billing/events`),
  "POST /api/v1/platform/billing/events/replay": platform(
    () => `${v1}/platform/billing/events/replay`,
    () => ({ event: "stripe/evt_1" }),
  ),
  "GET /api/v1/platform/billing/calls": platform(() => `${v1}/platform/billing/calls`),
  "POST /api/v1/platform/billing/calls/settle": platform(
    () => `${v1}/platform/billing/calls/settle`,
    () => ({ call: "refund:1", object: null }),
  ),
  "POST /api/v1/platform/billing/refunds": platform(
    () => `${v1}/platform/billing/refunds`,
    () => ({ invoice: "pi_1" }),
  ),
  "GET /api/v1/provider-keys": own(`${v1}/provider-keys`),
  "PUT /api/v1/provider-keys/:provider": own(`${v1}/provider-keys/openai`, () => ({ key: "sk-mine-12345678" })),
  "POST /api/v1/provider-keys/:provider/check": own(`${v1}/provider-keys/openai/check`),
  "DELETE /api/v1/provider-keys/:provider": own(`${v1}/provider-keys/openai`),
  "GET /api/v1/ollama/models": own(`${v1}/ollama/models`),
  "GET /api/v1/ollama/ps": own(`${v1}/ollama/ps`),
  // There is no box here: `workers/model-access/box/box.test.ts` has one, and who may change what it has.
  "POST /api/v1/ollama/pull": foreign(
    () => `${v1}/ollama/pull`,
    () => ({ model: "llama3.2" }),
  ),
  "POST /api/v1/ollama/warm": foreign(
    () => `${v1}/ollama/warm`,
    () => ({ model: "llama3.2" }),
  ),
  "DELETE /api/v1/ollama/models/:name{.*[^/]}": foreign(() => `${v1}/ollama/models/llama3.2`),
  "POST /api/v1/clones": own(`${v1}/clones`, () => ({ name: "Mine" })),
  "GET /api/v1/clones": own(`${v1}/clones`),
  "GET /api/v1/clones/:id": foreign((of) => `${v1}/clones/${of.clone}`),
  "PATCH /api/v1/clones/:id": foreign(
    (of) => `${v1}/clones/${of.clone}`,
    () => ({ name: "Mine" }),
  ),
  "GET /api/v1/clones/:id/price": foreign((of) => `${v1}/clones/${of.clone}/price`),
  "PUT /api/v1/clones/:id/price": foreign(
    (of) => `${v1}/clones/${of.clone}/price`,
    () => ({ payer: "creator" }),
  ),
  "POST /api/v1/clones/:id/sessions": foreign(
    (of) => `${v1}/clones/${of.clone}/sessions`,
    () => ({}),
  ),
  "GET /api/v1/clones/:id/sessions": foreign((of) => `${v1}/clones/${of.clone}/sessions`),
  "POST /api/v1/sessions/:id/extend": foreign(
    () => `${v1}/sessions/ses_01ARZ3NDEKTSV4RRFFQ69G5FAV/extend`,
    () => ({ id: "ext_01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
  ),
  "POST /api/v1/sessions/:id/close": foreign(() => `${v1}/sessions/ses_01ARZ3NDEKTSV4RRFFQ69G5FAV/close`),
  "DELETE /api/v1/clones/:id": foreign((of) => `${v1}/clones/${of.clone}`),
  "POST /api/v1/documents/upload": {
    kind: "foreign",
    probe: (of) => ({ path: `${v1}/documents/upload`, body: form(of) }),
  },
  "POST /api/v1/documents/import": foreign(
    () => `${v1}/documents/import`,
    (of) => ({ clone_id: of.clone, url: `${inject("web").sites.bare}/` }),
  ),
  "GET /api/v1/documents/imports/:id": foreign((of) => `${v1}/documents/imports/${of.webImport}`),
  "GET /api/v1/documents": foreign((of) => `${v1}/documents?clone_id=${of.clone}`),
  "GET /api/v1/documents/:id": foreign((of) => `${v1}/documents/${of.document}`),
  "GET /api/v1/documents/:id/status": foreign((of) => `${v1}/documents/${of.document}/status`),
  "GET /api/v1/documents/:id/text": foreign((of) => `${v1}/documents/${of.document}/text`),
  "GET /api/v1/documents/:id/content": foreign((of) => `${v1}/documents/${of.document}/content`),
  "POST /api/v1/documents/:id/retry": foreign((of) => `${v1}/documents/${of.document}/retry`),
  "DELETE /api/v1/documents/:id": foreign((of) => `${v1}/documents/${of.document}`),
  "POST /api/v1/documents/search": foreign(
    () => `${v1}/documents/search`,
    (of) => ({ clone_id: of.clone, query: canary }),
  ),
  "GET /api/v1/pipeline/status/:run_id": foreign((of) => `${v1}/pipeline/status/${of.run}`),
  "GET /api/v1/pipeline/config": foreign((of) => `${v1}/pipeline/config?clone_id=${of.clone}`),
  "PUT /api/v1/pipeline/config": foreign(
    (of) => `${v1}/pipeline/config?clone_id=${of.clone}`,
    () => ({ chunking: { size: 125, overlap: 12 } }),
  ),
  "PATCH /api/v1/documents/:id": foreign(
    (of) => `${v1}/documents/${of.document}`,
    () => ({ filename: "mine.md" }),
  ),
  "PUT /api/v1/documents/:id/content": {
    kind: "foreign",
    probe: (of) => ({ path: `${v1}/documents/${of.document}/content`, body: file() }),
  },
  "GET /api/v1/documents/:id/passages": foreign((of) => `${v1}/documents/${of.document}/passages`),
  "POST /api/v1/documents/:id/download-link": foreign((of) => `${v1}/documents/${of.document}/download-link`),
  "GET /api/v1/downloads/:token": open(`${v1}/downloads/no.such.token`),
  "GET /api/v1/documents/hints": foreign((of) => `${v1}/documents/hints?clone_id=${of.clone}`),
  "POST /api/v1/conversations": foreign(
    () => `${v1}/conversations`,
    (of) => ({ clone_id: of.clone }),
  ),
  "GET /api/v1/conversations": own(`${v1}/conversations`),
  "GET /api/v1/conversations/:id": foreign((of) => `${v1}/conversations/${of.conversation}`),
  "PUT /api/v1/conversations/:id": foreign(
    (of) => `${v1}/conversations/${of.conversation}`,
    () => ({ title: "Mine" }),
  ),
  "DELETE /api/v1/conversations/:id": foreign((of) => `${v1}/conversations/${of.conversation}`),
  "GET /api/v1/conversations/:id/messages": foreign((of) => `${v1}/conversations/${of.conversation}/messages`),
  "POST /api/v1/conversations/:id/messages": foreign(
    (of) => `${v1}/conversations/${of.conversation}/messages`,
    () => ({ content: "Hello" }),
  ),
  "POST /api/v1/conversations/:id/regenerate": foreign(
    (of) => `${v1}/conversations/${of.conversation}/regenerate`,
    (of) => ({ message_id: of.answer }),
  ),
  "POST /api/v1/conversations/:id/continue": foreign(
    (of) => `${v1}/conversations/${of.conversation}/continue`,
    (of) => ({ message_id: of.answer }),
  ),
  "GET /api/v1/conversations/:id/stream": foreign((of) => `${v1}/conversations/${of.conversation}/stream`),
  "POST /api/v1/conversations/:id/fall-back": foreign((of) => `${v1}/conversations/${of.conversation}/fall-back`),
  "POST /api/v1/conversations/:id/stop": foreign((of) => `${v1}/conversations/${of.conversation}/stop`),
  "POST /api/v1/conversations/delete": own(`${v1}/conversations/delete`, (of) => ({ ids: [of.conversation] })),
  "POST /api/v1/conversations/archive": own(`${v1}/conversations/archive`, (of) => ({ ids: [of.conversation] })),
  "POST /api/v1/conversations/search": own(`${v1}/conversations/search`, () => ({ query: "Quetzal" })),
  "POST /api/v1/conversations/:id/fork": foreign(
    (of) => `${v1}/conversations/${of.conversation}/fork`,
    (of) => ({ message_id: of.answer }),
  ),
  "GET /api/v1/conversations/:id/messages/:messageId": foreign(
    (of) => `${v1}/conversations/${of.conversation}/messages/${of.answer}`,
  ),
  "GET /api/v1/conversations/:id/messages/:messageId/trace": foreign(
    (of) => `${v1}/conversations/${of.conversation}/messages/${of.answer}/trace`,
  ),
  "DELETE /api/v1/conversations/:id/messages/:messageId": foreign(
    (of) => `${v1}/conversations/${of.conversation}/messages/${of.answer}`,
  ),
  "POST /api/v1/conversations/:id/compare": foreign(
    (of) => `${v1}/conversations/${of.conversation}/compare`,
    () => ({ content: "Hello", models: ["offline/extractive", standIn("tokens=1")] }),
  ),
  "POST /api/v1/conversations/import": own(`${v1}/conversations/import`, () => imported),
  "GET /api/v1/conversations/:id/socket": {
    kind: "foreign",
    probe: (of) => ({ path: `${v1}/conversations/${of.conversation}/socket`, headers: { Upgrade: "websocket" } }),
  },
  "GET /api/v1/conversations/export": own(`${v1}/conversations/export`),
  "GET /api/v1/conversations/labels": own(`${v1}/conversations/labels`),
  "GET /api/v1/conversations/:id/export": foreign((of) => `${v1}/conversations/${of.conversation}/export?format=json`),
  "GET /api/v1/conversations/:id/queue": foreign((of) => `${v1}/conversations/${of.conversation}/queue`),
  "DELETE /api/v1/conversations/:id/queue/:turn_id": foreign(
    (of) => `${v1}/conversations/${of.conversation}/queue/turn_01ARZ3NDEKTSV4RRFFQ69G5FAV`,
  ),
  "GET /api/v1/evaluation/questions": foreign((of) => `${v1}/evaluation/questions?clone_id=${of.clone}`),
  "POST /api/v1/evaluation/questions": foreign(
    () => `${v1}/evaluation/questions`,
    (of) => ({ clone_id: of.clone, questions: [{ question: "Who?" }] }),
  ),
  "DELETE /api/v1/evaluation/questions/:id": foreign((of) => `${v1}/evaluation/questions/${of.test}`),
  "GET /api/v1/evaluation/runs": foreign((of) => `${v1}/evaluation/runs?clone_id=${of.clone}`),
  "POST /api/v1/evaluation/runs": foreign(
    () => `${v1}/evaluation/runs`,
    (of) => ({ clone_id: of.clone }),
  ),
  "GET /api/v1/evaluation/runs/:id": foreign((of) => `${v1}/evaluation/runs/${of.evaluation}`),
  "POST /api/v1/conversations/:id/shares": foreign(
    (of) => `${v1}/conversations/${of.conversation}/shares`,
    () => ({ kind: "link" }),
  ),
  "GET /api/v1/conversations/:id/shares": foreign((of) => `${v1}/conversations/${of.conversation}/shares`),
  "DELETE /api/v1/conversations/:id/shares/:share_id": foreign(
    (of) => `${v1}/conversations/${of.conversation}/shares/${of.share}`,
  ),
  "GET /api/v1/shared": own(`${v1}/shared`),
  "GET /api/v1/shared/:id": foreign((of) => `${v1}/shared/${of.share}`),
  "GET /api/v1/public/shares/:token": foreign((of) => `${v1}/public/shares/${of.share}`),
  "GET /api/v1/workspaces": own(`${v1}/workspaces`),
  "POST /api/v1/workspaces": own(`${v1}/workspaces`, () => ({ name: "Mine" })),
  "PUT /api/v1/me/workspace": foreign(
    () => `${v1}/me/workspace`,
    (of) => ({ workspace_id: of.workspace }),
  ),
  "GET /api/v1/workspaces/:id": foreign((of) => `${v1}/workspaces/${of.workspace}`),
  "PATCH /api/v1/workspaces/:id": foreign(
    (of) => `${v1}/workspaces/${of.workspace}`,
    () => ({ name: "Mine" }),
  ),
  "DELETE /api/v1/workspaces/:id": foreign((of) => `${v1}/workspaces/${of.workspace}`),
  "POST /api/v1/workspaces/:id/transfer": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/transfer`,
    (of) => ({ user_id: of.member }),
  ),
  "POST /api/v1/workspaces/:id/export": foreign((of) => `${v1}/workspaces/${of.workspace}/export`),
  "POST /api/v1/workspaces/:id/erasure": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/erasure`,
    () => ({ password: "correct horse battery staple" }),
  ),
  "GET /api/v1/workspaces/:id/retention": foreign((of) => `${v1}/workspaces/${of.workspace}/retention`),
  "PUT /api/v1/workspaces/:id/retention": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/retention`,
    () => ({ member_days: 1 }),
  ),
  "POST /api/v1/workspaces/:id/retention/preview": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/retention/preview`,
    () => ({ member_days: 1 }),
  ),
  "POST /api/v1/workspaces/:id/leave": foreign((of) => `${v1}/workspaces/${of.workspace}/leave`),
  "GET /api/v1/workspaces/:id/members": foreign((of) => `${v1}/workspaces/${of.workspace}/members`),
  "PATCH /api/v1/workspaces/:id/members/:user_id": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/members/${of.member}`,
    () => ({ role: "viewer" }),
  ),
  "DELETE /api/v1/workspaces/:id/members/:user_id": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/members/${of.member}`,
  ),
  "GET /api/v1/workspaces/:id/invitations": foreign((of) => `${v1}/workspaces/${of.workspace}/invitations`),
  "POST /api/v1/workspaces/:id/invitations": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/invitations`,
    () => ({ email: "eve@example.com", role: "viewer" }),
  ),
  "DELETE /api/v1/workspaces/:id/invitations/:invitation_id": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/invitations/${of.invitation}`,
  ),
  "GET /api/v1/workspaces/:id/sso": foreign((of) => `${v1}/workspaces/${of.workspace}/sso`),
  "POST /api/v1/workspaces/:id/sso": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/sso`,
    () => ({ kind: "saml", name: "Mine" }),
  ),
  "GET /api/v1/workspaces/:id/sso/:connection_id": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/sso/${of.connection}`,
  ),
  "PATCH /api/v1/workspaces/:id/sso/:connection_id": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/sso/${of.connection}`,
    () => ({ name: "Mine" }),
  ),
  "DELETE /api/v1/workspaces/:id/sso/:connection_id": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/sso/${of.connection}`,
  ),
  "POST /api/v1/workspaces/:id/sso/:connection_id/domains": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/sso/${of.connection}/domains`,
    () => ({ domain: "mine.example" }),
  ),
  "POST /api/v1/workspaces/:id/sso/:connection_id/domains/:domain_id/verification": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/sso/${of.connection}/domains/${of.domain}/verification`,
  ),
  "DELETE /api/v1/workspaces/:id/sso/:connection_id/domains/:domain_id": foreign(
    (of) => `${v1}/workspaces/${of.workspace}/sso/${of.connection}/domains/${of.domain}`,
  ),
  "GET /api/v1/invitations/:token": foreign((of) => `${v1}/invitations/${of.invitation}`),
  "POST /api/v1/invitations/:token/accept": foreign((of) => `${v1}/invitations/${of.invitation}/accept`),
  "POST /api/v1/invitations/:token/decline": foreign((of) => `${v1}/invitations/${of.invitation}/decline`),
  "GET /api/v1/platform/workspaces": platform(() => `${v1}/platform/workspaces`),
  "PUT /api/v1/platform/workspaces/:id/suspension": platform(
    (of) => `${v1}/platform/workspaces/${of.workspace}/suspension`,
    () => ({ suspended: true }),
  ),
  "GET /api/v1/platform/money": platform(() => `${v1}/platform/money`),
  "POST /api/v1/platform/credits": platform(
    () => `${v1}/platform/credits`,
    (of) => ({ id: "gift", workspace_id: of.workspace, micro_credits: 1 }),
  ),
  "GET /api/v1/platform/users": platform(() => `${v1}/platform/users`),
  "PUT /api/v1/platform/users/:id/suspension": platform(
    (of) => `${v1}/platform/users/${of.member}/suspension`,
    () => ({ suspended: true }),
  ),
  // Whoever shows a credential has their workspace's as well: `workers/model-access/list-models.test.ts` says who sees whose.
  "GET /api/v1/models": open(`${v1}/models`),
  "POST /v1/chat/completions": foreign(
    () => "/v1/chat/completions",
    (of) => ({ model: `clone:${of.slug}`, messages: [{ role: "user", content: canary }] }),
  ),
  "POST /v1/responses": foreign(
    () => "/v1/responses",
    (of) => ({ model: `clone:${of.slug}`, input: canary }),
  ),
  "POST /v1/embeddings": foreign(
    () => "/v1/embeddings",
    (of) => ({ model: `clone:${of.slug}`, input: canary }),
  ),
  "GET /v1/models": own("/v1/models"),
  "GET /v1/models/:id{.+}": foreign((of) => `/v1/models/clone:${of.slug}`),
};
/** Routes with a wildcard, which the catalogue of models has. */
const patterns = [/^GET \/api\/v1\/models\//];

const routes = [
  ...new Set(api.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`)),
];
const known = Object.entries(rules);

describe("isolation", () => {
  it("has a rule for every route, and no rule without one", () => {
    const unlisted = routes.filter((route) => !rules[route] && !patterns.some((pattern) => pattern.test(route)));
    expect(unlisted, "routes without a rule").toEqual([]);
    expect(
      known.map(([route]) => route).filter((route) => !routes.includes(route)),
      "rules without a route",
    ).toEqual([]);
  });

  it("lets nobody in without credentials, and shows strangers and visitors nothing of another tenant", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const of = await furnish(ada.token);
    const hers = await makeClone(eve.token, { visibility: "public" });
    const { visitor_token } = await jsonOf<{ visitor_token: string }>(
      await call("POST", "/api/v1/visitors", { json: { clone: hers.slug } }),
      201,
    );
    for (const [route, { kind, probe }] of known.filter(([, rule]) => rule.kind !== "open")) {
      const method = route.split(" ")[0] ?? "GET";
      const attempt = async (token: string | undefined) => {
        const { path, ...options } = probe(of);
        const response = await call(method, path, { ...options, token });
        expect(await response.text(), `${route} shows the canary`).not.toContain(canary);
        return response.status;
      };
      const isPublic = /\/public\/|\/visitors$|^GET .*\/invitations\/:token$|\/decline$/.test(route);
      expect(await attempt(undefined), `nobody: ${route}`).toBe(isPublic ? 404 : 401);
      const stranger = await attempt(eve.token);
      if (kind === "foreign") expect(stranger, `stranger: ${route}`).toBe(404);
      else if (kind === "platform") expect(stranger, `stranger: ${route}`).toBe(403);
      else expect(stranger, `stranger: ${route}`).toBeLessThan(300);
      const visitor = await attempt(visitor_token);
      if (kind !== "own") expect([401, 403, 404], `visitor: ${route}`).toContain(visitor);
    }
    // And the owner still has all of it.
    expect((await call("GET", `${v1}/documents/${of.document}/text`, { token: ada.token })).status).toBe(200);
    expect((await call("GET", `${v1}/conversations/${of.conversation}`, { token: ada.token })).status).toBe(200);
  });

  it("looks the same for a missing thing as for a foreign one", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const of = await furnish(ada.token);
    const missing = missingLike(of);
    for (const [route, { probe }] of known.filter(([, rule]) => rule.kind === "foreign")) {
      const method = route.split(" ")[0] ?? "GET";
      const answer = async (ids: Belongings) => {
        const { path, ...options } = probe(ids);
        const response = await call(method, path, { ...options, token: eve.token });
        const body = { ...(await response.json<object>()), request_id: "" };
        // What was asked for may be named; what it is may not show.
        const text = Object.values(ids).reduce((all, id) => all.replaceAll(id, "…"), JSON.stringify(body));
        return { status: response.status, text };
      };
      expect(await answer(of), route).toEqual(await answer(missing));
    }
  });

  it("asks a role for every route that is not open or about one’s own account, and has no role that no route asks for", () => {
    expect(routes.filter((route) => !ofNoRole.test(route) && !actionOf.has(route))).toEqual([]);
    expect(actions.filter((action) => ![...actionOf.values()].includes(action))).toEqual([]);
  });

  it("walks the table: each role is refused exactly what the table does not give it", async () => {
    const ada = await signUp("Ada");
    const hers = await makeClone(ada.token, { visibility: "public" });
    const { visitor_token } = await jsonOf<{ visitor_token: string }>(
      await call("POST", "/api/v1/visitors", { json: { clone: hers.slug } }),
      201,
    );
    const people = new Map<string, { token: string; workspaceId: string }>();
    const own = { token: ada.token, workspaceId: await workspaceOf(ada.token) };
    const gather = async () => {
      for (const role of roles) people.set(role, await addMember(own, role));
    };
    await gather();
    const root = await signUp("Root");
    await env.DB.prepare("UPDATE users SET platform_role = 'super_admin' WHERE id = ?").bind(root.userId).run();
    for (const [route, action] of actionOf) {
      const [method = "GET"] = route.split(" ");
      const { path, headers, ...options } = rules[route]?.probe(
        action.startsWith("platform.") ? nothing : { ...nothing, workspace: own.workspaceId },
      ) ?? {
        path: "",
      };
      const statusFor = async (token: string, workspace?: string) => {
        const all = { ...headers, ...(workspace ? { "X-Workspace-Id": workspace } : {}) };
        const response = await call(method, path, { ...options, headers: all, token });
        await response.body?.cancel();
        return response.status;
      };
      for (const [role, { token, workspaceId }] of people) {
        const status = await statusFor(token, workspaceId);
        const isRefused = !may(role as (typeof roles)[number], action);
        expect(status === 403, `${role}: ${route} (${action}) answered ${status}`).toBe(isRefused);
        expect(status, `${role}: ${route}`).toBeLessThan(500);
      }
      // Who has left is no example of their role any more.
      if (action === "workspace.leave") await gather();
      if (may("super_admin", action)) expect(await statusFor(root.token), `super admin: ${route}`).not.toBe(403);
      if (!may("visitor", action)) expect(await statusFor(visitor_token), `visitor: ${route}`).toBe(401);
    }
  });

  it("answers every route, id and kind of intruder as is said here, and nothing happens to what is not theirs", async () => {
    const ada = await signUp("Ada");
    const of = await furnish(ada.token);
    const home = { workspaceId: await workspaceOf(ada.token) };
    const intruders = await gatherIntruders(ada, home.workspaceId);
    const before = await rowsNaming(idsIn(of));
    expect(before.length).toBeGreaterThan(20);
    const surprises: string[] = [];
    let asked = 0;
    for (const [route, { kind, probe }] of known.filter(([, rule]) => rule.kind !== "open")) {
      const [method = "GET", path = ""] = route.split(" ");
      for (const [who, { token, headers = {}, expected }] of Object.entries(intruders)) {
        const { path: to, headers: own = {}, ...options } = probe(of);
        const response = await call(method, to, { ...options, headers: { ...own, ...headers }, token });
        const text = await response.text();
        const wanted = expected({ route, path, kind });
        asked++;
        if (!wanted.includes(response.status))
          surprises.push(`${who}: ${route} answered ${response.status}, not ${wanted.join(" or ")}`);
        // A viewer reads what the workspace has.
        const mayRead = who === "viewer" && response.status < 300;
        if (!mayRead && text.includes(canary)) surprises.push(`${who}: ${route} shows the canary`);
      }
    }
    expect(surprises).toEqual([]);
    expect(asked).toBeGreaterThan(500);
    expect(await rowsNaming(idsIn(of))).toEqual(before);
  });

  it("refuses each foreign id among one’s own, wherever a route takes several", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const [of, hers] = [await furnish(ada.token), await furnish(eve.token)];
    const before = await rowsNaming(idsIn(of));
    const surprises: string[] = [];
    for (const [route, { probe }] of known.filter(([, rule]) => rule.kind === "foreign")) {
      const ids = idsUsedBy(probe, of);
      for (const foreignId of ids.length > 1 ? ids : []) {
        const { path, ...options } = probe({ ...hers, [foreignId]: of[foreignId] });
        const response = await call(route.split(" ")[0] ?? "GET", path, { ...options, token: eve.token });
        await response.body?.cancel();
        if (response.status !== 404) surprises.push(`${route} with a foreign ${foreignId}: ${response.status}`);
      }
    }
    expect(surprises).toEqual([]);
    expect(await rowsNaming(idsIn(of))).toEqual(before);
  });
});

interface Asked {
  route: string;
  path: string;
  kind: Rule["kind"];
}
interface Intruder {
  token: string | undefined;
  headers?: Record<string, string>;
  /** The statuses that are right. */
  expected: (asked: Asked) => number[];
}

/** What is open to all, and says 404 for what is not. */
const isForAll = (route: string) => /\/public\/|\/visitors$|^GET .*\/invitations\/:token$|\/decline$/.test(route);
/** Things of one person, which nobody else in the workspace sees either. */
const isPersonal = (path: string) => /\/(conversations|messages|api-keys|invitations|auth)\//.test(path);
const some = { ok: [200, 201, 202, 204] };

/** A viewer of the workspace: what the table gives them, and nothing personal of anybody. */
function forViewer({ route, path, kind }: Asked): number[] {
  const action = actionOf.get(route);
  if (kind === "platform") return [403];
  // The shared workspace is another one, of which they are nothing.
  if (/\/workspaces\/:id|\/me\/workspace$/.test(path)) return [404];
  if (isForAll(route)) return [404];
  if (action && !may("viewer", action)) return [403];
  if (kind === "own") return some.ok;
  return isPersonal(path) ? [404] : some.ok;
}

/** All who may try what is Ada’s, with how each is to be answered. */
async function gatherIntruders(ada: { token: string }, workspaceId: string): Promise<Record<string, Intruder>> {
  const eve = await signUp("Eve");
  const inAda = { "X-Workspace-Id": workspaceId };
  const visitorOf = async (token: string) => {
    const { slug } = await makeClone(token, { visibility: "public" });
    const made = await call("POST", `${v1}/visitors`, { json: { clone: slug } });
    return (await jsonOf<{ visitor_token: string }>(made, 201)).visitor_token;
  };
  const keyOf = async (token: string, headers = {}) =>
    jsonOf<{ key: string; id: string }>(
      await call("POST", `${v1}/api-keys`, { token, headers, json: { name: "Mine" } }),
      201,
    );
  const viewer = await addMember({ workspaceId }, "viewer");
  const member = await addMember({ workspaceId }, "admin");
  await env.DB.prepare("UPDATE members SET suspended_at = 1 WHERE user_id = ? AND workspace_id = ?")
    .bind(member.userId, workspaceId)
    .run();
  const revoked = await keyOf(ada.token);
  await call("DELETE", `${v1}/api-keys/${revoked.id}`, { token: ada.token });
  const team = await jsonOf<{ id: string }>(
    await call("POST", `${v1}/workspaces`, { token: ada.token, json: { name: "Elsewhere" } }),
    201,
  );
  const elsewhere = await keyOf(ada.token, { "X-Workspace-Id": team.id });
  const banned = await signUp("Banned");
  await env.DB.prepare("UPDATE users SET suspended_at = 1 WHERE id = ?").bind(banned.userId).run();

  const without = ({ route }: Asked) => (isForAll(route) ? [404] : [401]);
  const visiting = ({ route, kind }: Asked) =>
    isForAll(route) ? [404] : kind === "own" ? [401, 403, ...some.ok] : [401, 403, 404];
  // What one does with one's own account, one may be unable to do twice.
  const stranger = ({ kind, path }: Asked) => {
    if (kind === "platform") return [403];
    return kind === "own" ? [...some.ok, ...(path.includes("/auth/") ? [422] : [])] : [404];
  };
  return {
    nobody: { token: undefined, expected: without },
    "a forged token": { token: `${eve.token.slice(0, -4)}AAAA`, expected: without },
    "a revoked key": { token: revoked.key, expected: without },
    "another tenant": { token: eve.token, expected: stranger },
    "another tenant who names this one": {
      token: eve.token,
      headers: inAda,
      expected: (asked) => (isForAll(asked.route) || isOfAccount(asked.path) ? stranger(asked) : [404]),
    },
    "a key of the same person for another workspace": {
      token: elsewhere.key,
      expected: (asked) => {
        if (isForAll(asked.route)) return [404];
        if (isOfAccount(asked.path)) return [401, 403];
        return asked.kind === "own" ? [...some.ok, 401, 403] : [401, 403, 404];
      },
    },
    viewer: { token: viewer.token, headers: inAda, expected: forViewer },
    "a suspended member": {
      token: member.token,
      headers: inAda,
      expected: (asked) => (isForAll(asked.route) || isOfAccount(asked.path) ? stranger(asked) : [403]),
    },
    "a suspended person": {
      token: banned.token,
      expected: ({ route }) => (isForAll(route) ? [404] : [401, 403]),
    },
    "a visitor of another clone": { token: await visitorOf(eve.token), expected: visiting },
    "a visitor of another clone of this workspace": { token: await visitorOf(ada.token), expected: visiting },
  };
}

/** About the person, wherever they are: no workspace is asked for. */
const isOfAccount = (path: string) => /\/api\/v1\/(auth|invitations|outbox|me\/consents)(\/|$)/.test(path);
