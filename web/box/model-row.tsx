import { EyeIcon, LightBulbIcon, ToolsIcon, TrashIcon } from "@primer/octicons-react";
import { useState } from "react";
import { callApi } from "../../client/call-api.ts";
import type { WireBoxModel } from "../../workers/model-access/box-contract.ts";
import { contextWords } from "../chat/settings/model-facts.ts";
import { byteSize } from "../documents/byte-size.ts";
import { Badge } from "../ui/badge.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog/confirm-dialog.tsx";
import { useAttempt } from "../use-attempt.ts";

interface ModelRowProps {
  model: WireBoxModel;
  isLoaded: boolean;
  mayChange: boolean;
  /** Reads the box anew. */
  onChanged: () => Promise<void>;
}

/** A model that the box has: what it is, and what can be done with it. */
export function ModelRow({ model, isLoaded, mayChange, onChanged }: ModelRowProps) {
  const { name, family, parameters, quantization, size_bytes: size, context_window: context } = model;
  const warming = useAttempt();
  const warm = () =>
    warming.attempt(async () => {
      await callApi("/ollama/warm", { method: "POST", json: { model: name } });
      await onChanged();
    });
  const facts = [
    family,
    parameters,
    quantization,
    size === null || model.remote ? null : byteSize(size),
    model.chat === false ? "for embeddings" : contextWords(context),
  ].filter(Boolean);
  return (
    <li className="px-5 py-3.5 sm:px-7">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium [overflow-wrap:anywhere]">
            {name}
            {model.remote && <Badge tone="warn">Passed on to a cloud</Badge>}
            {model.vision && (
              <Badge>
                <EyeIcon size={12} /> Pictures
              </Badge>
            )}
            {model.tools && (
              <Badge>
                <ToolsIcon size={12} /> Tools
              </Badge>
            )}
            {model.thinking && (
              <Badge>
                <LightBulbIcon size={12} /> Thinks
              </Badge>
            )}
          </p>
          <p className="mt-0.5 text-ink-soft text-sm">{facts.join(" · ")}</p>
        </div>
        {mayChange && (
          <div className="flex items-center gap-1">
            {isLoaded ? (
              <Badge tone="good">Loaded</Badge>
            ) : (
              !model.remote && (
                <Button size="small" busy={warming.busy} aria-label={`Load ${name}`} onClick={() => void warm()}>
                  {warming.busy ? "Loading" : "Load"}
                </Button>
              )
            )}
            <DeleteModel name={name} onChanged={onChanged} />
          </div>
        )}
      </div>
      {warming.problem && (
        <p role="alert" className="mt-2 text-danger text-sm">
          {warming.problem.detail}
        </p>
      )}
    </li>
  );
}

function DeleteModel({ name, onChanged }: { name: string; onChanged: () => Promise<void> }) {
  const [asking, setAsking] = useState(false);
  const { busy, problem, attempt, forget } = useAttempt();
  const remove = async () => {
    const path = name.split("/").map(encodeURIComponent).join("/");
    const isGone = await attempt(() => callApi(`/ollama/models/${path}`, { method: "DELETE" }));
    if (!isGone) return;
    setAsking(false);
    await onChanged();
  };
  return (
    <>
      <IconButton label={`Delete ${name}`} onClick={() => setAsking(true)}>
        <TrashIcon />
      </IconButton>
      <ConfirmDialog
        open={asking}
        onOpenChange={(open) => {
          setAsking(open);
          forget();
        }}
        title={`Delete ${name}?`}
        action="Delete model"
        busy={busy}
        error={problem?.detail ?? null}
        onConfirm={() => void remove()}
      >
        <p>Its files go from the box’s disk. Clones and conversations that are set to it need another one.</p>
      </ConfirmDialog>
    </>
  );
}
