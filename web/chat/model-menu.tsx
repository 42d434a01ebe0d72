import { ColumnsIcon, CpuIcon, TriangleDownIcon } from "@primer/octicons-react";
import { useState } from "react";
import type { Model } from "../../workers/models/contract.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu.tsx";
import { Notice } from "../ui/notice.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { modelName } from "./model-name.ts";
import { useModels } from "./use-models.ts";

interface ModelMenuProps {
  /** The models that the next question is put to; none for the one that answers here anyway. */
  chosen: readonly string[];
  onChoose: (models: readonly string[]) => void;
  /** The model that answers here, where that is known. */
  usual: string | null;
}

const most = 4;

/** Which model answers the next questions, or which several do side by side. */
export function ModelMenu({ chosen, onChoose, usual }: ModelMenuProps) {
  const { models, problem, load } = useModels();
  const [comparing, setComparing] = useState(false);
  const [only] = chosen;
  const label =
    chosen.length > 1
      ? `Comparing ${chosen.length} models`
      : only
        ? modelName(only)
        : usual
          ? modelName(usual)
          : "Model";
  return (
    <>
      <Menu
        align="start"
        onOpen={load}
        trigger={
          <Button
            size="small"
            look="quiet"
            className="min-w-0 max-w-80 shrink! font-normal! text-xs!"
            aria-label={`Model: ${label}`}
          >
            {chosen.length > 1 ? <ColumnsIcon size={12} /> : <CpuIcon size={12} />}
            <span className="truncate">{label}</span>
            <TriangleDownIcon />
          </Button>
        }
      >
        <MenuLabel>Answered by</MenuLabel>
        <div className="max-h-80 max-w-80 overflow-y-auto">
          <MenuChoice
            value={chosen.length > 1 ? "several" : (only ?? "")}
            onChange={(id) => onChoose(id === "" ? [] : [id])}
            options={[
              { value: "", label: "The usual model" },
              ...(models ?? []).map(({ id }) => ({ value: id, label: modelName(id) })),
            ]}
          />
        </div>
        {problem && <p className="max-w-72 px-2.5 py-2 text-danger text-sm">{problem}</p>}
        {!models && !problem && (
          <p className="flex items-center gap-2 px-2.5 py-2 text-ink-soft text-sm">
            <Spinner /> Looking for models…
          </p>
        )}
        <MenuSeparator />
        <MenuItem disabled={(models?.length ?? 0) < 2} onSelect={() => setComparing(true)}>
          <ColumnsIcon /> Compare models…
        </MenuItem>
      </Menu>
      {comparing && (
        <CompareDialog
          models={models ?? []}
          chosen={chosen}
          onClose={() => setComparing(false)}
          onCompare={(ids) => {
            onChoose(ids);
            setComparing(false);
          }}
        />
      )}
    </>
  );
}

interface CompareDialogProps {
  models: readonly Model[];
  chosen: readonly string[];
  onClose: () => void;
  onCompare: (models: readonly string[]) => void;
}

function CompareDialog({ models, chosen, onClose, onCompare }: CompareDialogProps) {
  const [ticked, setTicked] = useState<readonly string[]>(chosen.length > 1 ? chosen : []);
  const [isRefused, setRefused] = useState(false);
  const toggle = (id: string) => {
    setRefused(false);
    setTicked(ticked.includes(id) ? ticked.filter((other) => other !== id) : [...ticked, id]);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Compare models"
      description="Each next question is put to all of them, side by side. You go on with the answer you like best."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ticked.length < 2) setRefused(true);
          else onCompare(ticked);
        }}
      >
        <fieldset>
          <legend className="sr-only">Two to four models</legend>
          <ul className="max-h-72 overflow-y-auto">
            {models.map(({ id }) => (
              <li key={id}>
                <label className="flex cursor-pointer items-center gap-2.5 rounded-lg px-2 py-2 text-sm hover:bg-hover has-disabled:opacity-50">
                  <input
                    type="checkbox"
                    className="size-4 shrink-0 accent-accent"
                    checked={ticked.includes(id)}
                    disabled={!ticked.includes(id) && ticked.length >= most}
                    onChange={() => toggle(id)}
                  />
                  <span className="truncate">{modelName(id)}</span>
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
        {isRefused && <Notice tone="danger">Choose at least two models.</Notice>}
        <div className="flex items-center justify-end gap-2">
          <span className="me-auto text-ink-soft text-sm">
            {ticked.length} of {most} at most
          </span>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            Compare
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
