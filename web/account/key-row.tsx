import { TrashIcon } from "@primer/octicons-react";
import { useState } from "react";
import { useFetcher } from "react-router";
import type { ApiKey } from "../../workers/accounts/contract.ts";
import type { action } from "../routes/account-keys.tsx";
import { Badge } from "../ui/badge.tsx";
import { IconButton } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog/confirm-dialog.tsx";
import { When } from "../ui/when.tsx";

const names: Record<string, string> = { read: "Read", chat: "Chat", write: "Write" };

export function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const [asking, setAsking] = useState(false);
  const fetcher = useFetcher<typeof action>();
  const { id, name, preview, scopes, expires_at, last_used_at, created_at } = apiKey;
  return (
    <li className="flex items-start gap-3 px-5 py-3.5 sm:px-7">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
          {scopes.map((scope) => (
            <Badge key={scope}>{names[scope]}</Badge>
          ))}
        </p>
        <p className="text-ink-soft text-sm">
          <code className="font-mono">{preview}…</code> ·{" "}
          {last_used_at ? (
            <>
              used <When iso={last_used_at} />
            </>
          ) : (
            "never used"
          )}
        </p>
        <p className="text-ink-faint text-xs">
          Made <When iso={created_at} />, {expires_at ? `ends on ${expires_at.slice(0, 10)}` : "without an end"}
        </p>
      </div>
      <IconButton label={`End “${name}”`} onClick={() => setAsking(true)}>
        <TrashIcon />
      </IconButton>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`End “${name}”?`}
        action="End key"
        busy={fetcher.state !== "idle"}
        error={fetcher.data?.problem?.detail ?? null}
        onConfirm={() => fetcher.submit({ intent: "end", id }, { method: "post" })}
      >
        <p>Programs that use it are refused at once. This cannot be undone.</p>
      </ConfirmDialog>
    </li>
  );
}
