import type { OwnConnection } from "../models/ports/connection.ts";
import type { Provider } from "../models/ports/provider.ts";
import { knownProviders, providersOf, providersWithOwn } from "../models/provider-list.ts";
import { forgetEverywhere } from "../platform/changes/changes.ts";
import { iso } from "../platform/clock.ts";
import { takenNames } from "../platform/config/config-models.ts";
import { notFound, refusedField } from "../platform/errors.ts";
import { fitting } from "../platform/operation.ts";
import type { Runtime } from "../platform/runtime.ts";
import { withAudit } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { checkConnection } from "./check-connection.ts";
import {
  named,
  type ProviderKey,
  type ProviderKeyInput,
  providerCheck,
  providerKey,
  providerKeyInput,
  providerKeyList,
} from "./contract.ts";
import { ownConnection, ownOf, subjectOf } from "./own-connections.ts";
import { sealOwn } from "./own-secrets.ts";
import {
  listProviderKeys as listRows,
  type ProviderKeyRow,
  removeProviderKey,
  rowOf,
  upsertProviderKey,
} from "./queries.ts";

/** Only a person in a session may: a key of ours that leaked must not change who is paid. */
const keepers = { tags: ["Models"], action: "provider_key.write", inPerson: true } as const;

const present = (row: ProviderKeyRow): ProviderKey => ({
  provider: row.provider,
  kind: row.kind === null ? null : "openai-compatible",
  base_url: row.address,
  ending: row.ending || null,
  access_client_id: row.accessClientId,
  own: row.isOwn,
  created_at: iso(row.createdAt),
});

/** Whose the name is that somebody brings something for. Throws `validation_failed`. */
function providerOf({ config }: Runtime, name: string, { kind }: ProviderKeyInput): Provider {
  const known = knownProviders.find((each) => each.name === name && each.takesOwn);
  if (known && kind) throw refusedField("kind", `“${name}” is a provider. Leave this out, or choose another name.`);
  if (known) return known;
  if (takenNames.has(name) || providersOf(config).some((each) => each.name === name))
    throw refusedField("provider", `“${name}” is a name that this server uses itself. Choose another one.`);
  const [server] = kind ? providersWithOwn(config, [name]) : [];
  if (server) return server;
  const names = knownProviders.filter(({ takesOwn }) => takesOwn).map((each) => each.name);
  throw refusedField(
    "kind",
    `There is no provider “${name}”. Use ${names.join(", ")}, or “openai-compatible” here for a server of your own.`,
  );
}

/** Refuses what a provider has no use for: it would be kept, and do nothing. */
function requireUsed({ name }: Provider, { key, access_client_id, own }: ProviderKeyInput): void {
  if (name === "ollama" && key) throw refusedField("key", "Ollama takes no key. A tunnel takes a service token.");
  if (name !== "ollama" && access_client_id)
    throw refusedField("access_client_id", "Only an Ollama box is reached by a service token.");
  if (name !== "ollama" && own !== undefined) throw refusedField("own", "Only of an Ollama box its owner says this.");
}

/** What a provider is reached by with what somebody brings. Throws `validation_failed` where that is not enough. */
function connectionBy({ config, env }: Runtime, provider: Provider, own: OwnConnection) {
  const connection = provider.connect(config, env, own);
  if (connection) return connection;
  if (own.address) throw refusedField("key", "Enter the key by which this address is called.");
  throw refusedField("base_url", "Enter the address where it answers.");
}

export const listProviderKeys = operation({
  summary: "The workspace’s own keys and endpoints of model providers",
  description: "Keys by their last four characters; they themselves are never shown again.",
  ...keepers,
  output: providerKeyList,
  async run({ db, actor }) {
    const rows = await listRows(db, actor.workspaceId);
    return { data: rows.map(present), next_cursor: null };
  },
});

/** In the place of one before. */
export const setProviderKey = operation({
  summary: "Give the workspace a key or an endpoint of its own for a model provider, or a server of its own",
  description:
    "It is asked for its models first, and refused where it does not tell them. Answers and vectors of the workspace’s clones then go by it, within three seconds. A name that no provider has is a server of OpenAI’s wire (`kind`), whose models are `name/…` for this workspace alone. What is left out is not kept. Keys are stored under the workspace’s own key.",
  ...keepers,
  audit: "provider_key.set",
  params: ["provider"],
  input: providerKeyInput,
  output: providerKey,
  async run(ctx, { params, body }) {
    const { provider: name } = fitting(named, params);
    const { workspaceId, userId } = ctx.actor;
    const { key, base_url, access_client_id, access_client_secret, own = false } = body;
    const provider = providerOf(ctx, name, body);
    requireUsed(provider, body);
    const access =
      access_client_id && access_client_secret ? { id: access_client_id, secret: access_client_secret } : undefined;
    const brought = { address: base_url ?? null, isOwn: own };
    await checkConnection(provider, connectionBy(ctx, provider, ownConnection(brought, { key, access })), ctx.env);
    const id = rowOf(workspaceId, name);
    const row: ProviderKeyRow = {
      id,
      workspaceId,
      provider: name,
      kind: body.kind ?? null,
      ...brought,
      accessClientId: access?.id ?? null,
      box: await sealOwn(ctx, workspaceId, id, { key, access }),
      ending: key?.slice(-4) ?? "",
      createdBy: userId,
      createdAt: ctx.clock.now(),
    };
    await withAudit(ctx, upsertProviderKey(ctx.db, row), {
      action: "provider_key.set",
      resource: { kind: "provider_key", id },
      details: { provider: name, ending: row.ending, ...(base_url ? { address: base_url } : {}) },
    });
    await forgetEverywhere(ctx, [subjectOf(workspaceId)]);
    return present(row);
  },
});

/** Throws `not_found`, and `validation_failed` as where it was entered. */
export const checkProviderKey = operation({
  summary: "Ask what the workspace has brought for its models once more",
  ...keepers,
  audit: { nothing: "It is asked for a list, and nothing changes." },
  params: ["provider"],
  output: providerCheck,
  async run(ctx, { params }) {
    const { provider: name } = fitting(named, params);
    const brought = (await ownOf(ctx, ctx.actor.workspaceId)).find((each) => each.name === name);
    const provider = providersWithOwn(ctx.config, brought?.isServer ? [name] : []).find((each) => each.name === name);
    if (!brought || !provider) throw notFound("provider key");
    return checkConnection(provider, connectionBy(ctx, provider, brought.open()), ctx.env);
  },
});

/** Throws `not_found`. */
export const deleteProviderKey = operation({
  summary: "Forget what the workspace has brought for a provider",
  ...keepers,
  audit: "provider_key.removed",
  params: ["provider"],
  done: "It is gone.",
  async run(ctx, { params }) {
    const { provider } = fitting(named, params);
    const removed = await withAudit(ctx, removeProviderKey(ctx.db, ctx.actor.workspaceId, provider), {
      action: "provider_key.removed",
      resource: { kind: "provider_key", id: rowOf(ctx.actor.workspaceId, provider) },
      details: { provider },
    });
    if (removed.length === 0) throw notFound("provider key");
    await forgetEverywhere(ctx, [subjectOf(ctx.actor.workspaceId)]);
  },
});
