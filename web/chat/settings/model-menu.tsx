import { ColumnsIcon, CpuIcon, DeviceDesktopIcon, TriangleDownIcon } from "@primer/octicons-react";
import { useState } from "react";
import type { How } from "../../../client/how-asked.ts";
import { Button } from "../../ui/button.tsx";
import { whenNeeded } from "../../ui/when-needed.tsx";
import { modelName } from "./model-name.ts";

const fetchPicker = async () => (await import("./model-picker.tsx")).ModelPicker;
const ModelPicker = whenNeeded(fetchPicker);
/** Fetches it ahead, silently: whoever opens it is told of what fails. */
const expectPicker = () => void fetchPicker().catch(() => {});

interface ModelMenuProps {
  how: How;
  onChoose: (how: How) => void;
  /** The model that answers here, where that is known. */
  usual: string | null;
  /** Why clouds are out of the question here; null where they are not. */
  bound: string | null;
}

/** Which model answers the next questions, or which several do side by side, and whether they stay on one’s own machines. */
export function ModelMenu({ how, onChoose, usual, bound }: ModelMenuProps) {
  const [open, setOpen] = useState(false);
  const [only = usual] = how.models;
  const isComparing = how.models.length > 1;
  const label = isComparing ? `Comparing ${how.models.length} models` : only ? modelName(only) : "Model";
  const isBound = bound !== null || how.privacy === "own";
  return (
    <>
      <Button
        size="small"
        look="quiet"
        className="min-w-0 max-w-80 shrink! font-normal! text-xs!"
        aria-label={`Model: ${label}${isBound ? ", own machines only" : ""}`}
        aria-haspopup="dialog"
        onPointerEnter={expectPicker}
        onFocus={expectPicker}
        onClick={() => setOpen(true)}
      >
        {isBound ? <DeviceDesktopIcon size={12} /> : isComparing ? <ColumnsIcon size={12} /> : <CpuIcon size={12} />}
        <span className="truncate">{label}</span>
        <TriangleDownIcon />
      </Button>
      {open && <ModelPicker how={how} onChoose={onChoose} onClose={() => setOpen(false)} bound={bound} />}
    </>
  );
}
