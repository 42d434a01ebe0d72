import { PasskeyFillIcon, PencilIcon, TrashIcon } from "@primer/octicons-react";
import { useState } from "react";
import { useRevalidator } from "react-router";
import { callApi } from "../../client/call-api.ts";
import type { Passkey } from "../../workers/accounts/passkey-contract.ts";
import { Badge } from "../ui/badge.tsx";
import { IconButton } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog/confirm-dialog.tsx";
import { RenameDialog } from "../ui/dialog/rename-dialog.tsx";
import { When } from "../ui/when.tsx";
import { useAttempt } from "../use-attempt.ts";

/** One passkey, with what can be done about it. */
export function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const [asking, setAsking] = useState<"name" | "removal" | null>(null);
  const close = () => setAsking(null);
  const { name, backed_up, created_at, last_used_at } = passkey;
  return (
    <li className="flex items-start gap-3 px-5 py-3.5 sm:px-7">
      <PasskeyFillIcon className="mt-1 shrink-0 text-ink-soft" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
          <Badge>{backed_up ? "Synced" : "On one device"}</Badge>
        </p>
        <p className="text-ink-soft text-sm">
          Added <When iso={created_at} />,{" "}
          {last_used_at ? (
            <>
              used <When iso={last_used_at} />
            </>
          ) : (
            "never used"
          )}
        </p>
      </div>
      <IconButton label={`Rename “${name}”`} onClick={() => setAsking("name")}>
        <PencilIcon />
      </IconButton>
      <IconButton label={`Remove “${name}”`} onClick={() => setAsking("removal")}>
        <TrashIcon />
      </IconButton>
      {asking === "name" && <NameDialog passkey={passkey} onClose={close} />}
      {asking === "removal" && <RemoveDialog passkey={passkey} onClose={close} />}
    </li>
  );
}

interface DialogProps {
  passkey: Passkey;
  onClose: () => void;
}

function NameDialog({ passkey: { id, name }, onClose }: DialogProps) {
  const { revalidate } = useRevalidator();
  const rename = async (next: string) => {
    await callApi(`/auth/passkeys/${id}`, { method: "PATCH", json: { name: next } });
    await revalidate();
  };
  return (
    <RenameDialog
      title="Rename the passkey"
      label="Name"
      name={name}
      maxLength={100}
      onRename={rename}
      onClose={onClose}
    />
  );
}

function RemoveDialog({ passkey: { id, name }, onClose }: DialogProps) {
  const { busy, problem, attempt } = useAttempt();
  const { revalidate } = useRevalidator();
  const remove = () =>
    attempt(async () => {
      await callApi(`/auth/passkeys/${id}`, { method: "DELETE" });
      await revalidate();
    });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove “${name}”?`}
      action="Remove passkey"
      busy={busy}
      error={problem?.detail ?? null}
      onConfirm={remove}
    >
      <p>It signs you in no more. Your device or password manager still has it: delete it there, too.</p>
    </ConfirmDialog>
  );
}
