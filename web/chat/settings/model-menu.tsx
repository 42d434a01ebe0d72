import { ColumnsIcon, CpuIcon, TriangleDownIcon } from "@primer/octicons-react";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "../../ui/menu.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { whenNeeded } from "../../ui/when-needed.tsx";
import { modelName } from "./model-name.ts";
import { useModels } from "./use-models.ts";

const CompareDialog = whenNeeded(async () => (await import("./compare-dialog.tsx")).CompareDialog);

interface ModelMenuProps {
  /** The models that the next question is put to; none for the one that answers here anyway. */
  chosen: readonly string[];
  onChoose: (models: readonly string[]) => void;
  /** The model that answers here, where that is known. */
  usual: string | null;
}

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
