import { useState } from "react";
import { Link, useRevalidator } from "react-router";
import { refusal } from "../../../client/api-problem.ts";
import { callApi } from "../../../client/call-api.ts";
import { Button } from "../../ui/button.tsx";
import { FormDialog } from "../../ui/dialog/form-dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { inputClass } from "../../ui/input-class.ts";
import { Notice } from "../../ui/notice.tsx";

interface Imported {
  data: { id: string; title: string; messages: number; left_out: { what: string; count: number }[] }[];
}

/** What was not brought in, over all conversations: “thoughts (3), pictures and files (1)”. */
function leftOutOf(imported: Imported["data"]): string {
  const counts = new Map<string, number>();
  for (const { left_out } of imported)
    for (const { what, count } of left_out) counts.set(what, (counts.get(what) ?? 0) + count);
  return [...counts].map(([what, count]) => `${what} (${count})`).join(", ");
}

const largest = 20_000_000;

/** Brings in conversations from a file: our own export, ChatGPT's, or Claude's. Nothing is stored unless all of it can be. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { revalidate } = useRevalidator();
  const [file, setFile] = useState<File | null>(null);
  const [imported, setImported] = useState<Imported["data"] | null>(null);

  const bringIn = async () => {
    if (!file) throw refusal("Choose a file first.");
    if (file.size > largest) throw refusal("That file is larger than 20 MB. Split it, or export fewer conversations.");
    const response = await callApi("/conversations/import", { method: "POST", file });
    setImported(((await response.json()) as Imported).data);
    void revalidate();
  };

  return (
    <FormDialog
      title="Import conversations"
      description="An export from here, or the conversations.json of a ChatGPT or Claude export. Branches and dates are kept."
      action="Import"
      fields={["file"]}
      onSubmit={bringIn}
      onClose={onClose}
      done={imported && <BroughtIn imported={imported} onClose={onClose} />}
    >
      {(error) => (
        <Field label="File" error={error("file")}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept="application/json,.json"
              onChange={(event) => setFile(event.target.files?.[0] ?? null)}
              className={`${inputClass} cursor-pointer py-2 file:me-3 file:cursor-pointer file:rounded-md file:border-0 file:bg-hover file:px-2.5 file:py-1 file:text-ink file:text-sm`}
            />
          )}
        </Field>
      )}
    </FormDialog>
  );
}

function BroughtIn({ imported, onClose }: { imported: Imported["data"]; onClose: () => void }) {
  const leftOut = leftOutOf(imported);
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="good">
        {imported.length === 1 ? "One conversation was" : `${imported.length} conversations were`} brought in.
        {leftOut && ` Left out: ${leftOut}.`}
      </Notice>
      <ul className="max-h-60 overflow-y-auto text-sm">
        {imported.slice(0, 50).map(({ id, title, messages }) => (
          <li key={id}>
            <Link
              to={`/chat/${id}`}
              onClick={onClose}
              className="focus-inset flex justify-between gap-3 rounded-lg px-2 py-1.5 hover:bg-hover"
            >
              <span className="truncate">{title}</span>
              <span className="shrink-0 text-ink-faint tabular-nums">{messages}</span>
            </Link>
          </li>
        ))}
      </ul>
      <div className="flex justify-end">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}
