import { SyncIcon, TrashIcon } from "@primer/octicons-react";
import { useState } from "react";
import { useRevalidator } from "react-router";
import { callApi, readApi } from "../../client/call-api.ts";
import type { ProviderCheck, ProviderKey } from "../../workers/model-access/contract.ts";
import { Badge } from "../ui/badge.tsx";
import { IconButton } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog/confirm-dialog.tsx";
import { Notice } from "../ui/notice.tsx";
import { When } from "../ui/when.tsx";
import { useAttempt } from "../use-attempt.ts";
import { providerNames } from "./provider-names.ts";

/** One thing that the workspace has brought: asked again, or removed. */
export function ConnectionRow({ connection }: { connection: ProviderKey }) {
  const { revalidate } = useRevalidator();
  const [found, setFound] = useState<ProviderCheck | null>(null);
  const [isAsking, setAsking] = useState(false);
  const check = useAttempt();
  const removal = useAttempt();
  const { provider, base_url, ending, access_client_id: access, own, kind, created_at } = connection;
  const path = `/provider-keys/${provider}`;
  const name = providerNames[provider] ?? provider;

  const ask = () => {
    setFound(null);
    void check.attempt(async () => setFound(await readApi<ProviderCheck>(`${path}/check`, { method: "POST" })));
  };
  const remove = async () => {
    if (await removal.attempt(() => callApi(path, { method: "DELETE" }))) setAsking(false);
    await revalidate();
  };
  return (
    <li className="flex flex-col gap-2 px-5 py-3.5 sm:px-7">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
            {kind && <Badge>OpenAI-compatible</Badge>}
            {own && <Badge tone="good">Own machine</Badge>}
          </p>
          <p className="text-ink-soft text-sm [overflow-wrap:anywhere]">
            {base_url && <span className="block">{base_url}</span>}
            {access ? (
              <>
                Service token <code className="font-mono">{access}</code>
              </>
            ) : ending ? (
              <>
                Key <code className="font-mono">…{ending}</code>
              </>
            ) : (
              provider !== "ollama" && "No key"
            )}
          </p>
          <p className="text-ink-faint text-xs">
            Entered <When iso={created_at} />
          </p>
        </div>
        <IconButton label={`Check “${name}” again`} disabled={check.busy} onClick={ask}>
          <SyncIcon />
        </IconButton>
        <IconButton label={`Remove “${name}”`} onClick={() => setAsking(true)}>
          <TrashIcon />
        </IconButton>
      </div>
      {check.problem && <Notice tone="danger">{check.problem.detail}</Notice>}
      {found && (
        <Notice tone="good">
          It answers, with {found.models.length === 1 ? "one model" : `${found.models.length} models`}
          {found.lane === "own" && ", on your own machine"}.
        </Notice>
      )}
      <ConfirmDialog
        open={isAsking}
        onOpenChange={(next) => {
          removal.forget();
          setAsking(next);
        }}
        title={`Remove “${name}”?`}
        action="Remove"
        busy={removal.busy}
        error={removal.problem?.detail ?? null}
        onConfirm={() => void remove()}
      >
        <p>
          {kind
            ? "Its models can be asked no more. Clones that answer by one of them need another."
            : "Answers go by what this server is set up with from then on, where it is."}
        </p>
      </ConfirmDialog>
    </li>
  );
}
