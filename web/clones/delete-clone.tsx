import { TrashIcon } from "@primer/octicons-react";
import { useState } from "react";
import { useFetcher } from "react-router";
import type { Clone } from "../../workers/clones/contract.ts";
import type { action } from "../routes/clone-settings.tsx";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog/confirm-dialog.tsx";
import { documentCount } from "./clone-card.tsx";

export function DeleteClone({ clone }: { clone: Clone }) {
  const [open, setOpen] = useState(false);
  const fetcher = useFetcher<typeof action>();
  return (
    <section aria-labelledby="delete-clone" className="rounded-card border border-line bg-surface p-5 sm:p-7">
      <h2 id="delete-clone" className="font-semibold text-lg">
        Delete this clone
      </h2>
      <p className="mt-1 text-ink-soft text-sm">It stops answering at once, and its documents are removed.</p>
      <Button look="danger" className="mt-4" onClick={() => setOpen(true)}>
        <TrashIcon /> Delete clone
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`Delete “${clone.name}”?`}
        action="Delete clone"
        busy={fetcher.state !== "idle"}
        error={fetcher.data?.problem?.detail}
        onConfirm={() => fetcher.submit({ intent: "delete" }, { method: "post" })}
      >
        <p>
          {clone.document_count > 0
            ? `The clone and its ${documentCount(clone.document_count)} will be gone.`
            : "The clone will be gone."}{" "}
          Its public link stops working. This cannot be undone.
        </p>
      </ConfirmDialog>
    </section>
  );
}
