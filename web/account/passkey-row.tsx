import { PasskeyFillIcon, PencilIcon, TrashIcon } from "@primer/octicons-react";
import { type FormEvent, useState } from "react";
import { useRevalidator } from "react-router";
import { callApi } from "../../client/call-api.ts";
import type { Passkey } from "../../workers/accounts/passkey-contract.ts";
import { Badge } from "../ui/badge.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
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
      <RenameDialog passkey={passkey} open={asking === "name"} onClose={close} />
      <RemoveDialog passkey={passkey} open={asking === "removal"} onClose={close} />
    </li>
  );
}

interface DialogProps {
  passkey: Passkey;
  open: boolean;
  onClose: () => void;
}

function RenameDialog({ passkey: { id, name }, open, onClose }: DialogProps) {
  const { busy, problem, attempt } = useAttempt();
  const { revalidate } = useRevalidator();
  const rename = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const json = { name: String(new FormData(event.currentTarget).get("name") ?? "") };
    const isDone = await attempt(async () => {
      await callApi(`/auth/passkeys/${id}`, { method: "PATCH", json });
      await revalidate();
    });
    if (isDone) onClose();
  };
  return (
    <Dialog open={open} onOpenChange={(isOpen) => !isOpen && onClose()} title="Rename the passkey">
      <form onSubmit={rename} className="flex flex-col gap-5" noValidate>
        <TextField
          label="Name"
          name="name"
          defaultValue={name}
          autoComplete="off"
          autoFocus
          maxLength={100}
          required
          error={problem?.detail}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function RemoveDialog({ passkey: { id, name }, open, onClose }: DialogProps) {
  const { busy, problem, attempt } = useAttempt();
  const { revalidate } = useRevalidator();
  const remove = () =>
    attempt(async () => {
      await callApi(`/auth/passkeys/${id}`, { method: "DELETE" });
      await revalidate();
    });
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(isOpen) => !isOpen && onClose()}
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
