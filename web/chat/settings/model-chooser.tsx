import { TriangleDownIcon } from "@primer/octicons-react";
import { useState } from "react";
import { cx } from "../../ui/class-names.ts";
import { Field } from "../../ui/field.tsx";
import { inputClass } from "../../ui/input-class.ts";
import { whenNeeded } from "../../ui/when-needed.tsx";
import { ModelId } from "./model-id.tsx";
import { useModels } from "./use-models.ts";

const ModelDialog = whenNeeded(async () => (await import("./model-dialog.tsx")).ModelDialog);

interface ModelChooserProps {
  hint: string;
  value: string | null;
  onChange: (id: string | null) => void;
  /** What answers where none is chosen. */
  usual: { name: string; facts: string };
  /** Why clouds are out of the question at this moment; null where they are not. */
  boundBy: () => string | null;
  error?: string | undefined;
}

/** The field of a form for a model. One that has gone from the catalogue stays chosen until somebody changes it. */
export function ModelChooser({ hint, value, onChange, usual, boundBy, error }: ModelChooserProps) {
  const source = useModels();
  const [bound, setBound] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const open = () => {
    setBound(boundBy());
    setOpen(true);
  };
  const isGone = value !== null && source.catalogue && !source.catalogue.data.some(({ id }) => id === value);
  return (
    <Field label="Model" hint={hint} error={error}>
      {(control) => (
        <>
          <button
            {...control}
            type="button"
            aria-label={`Model: ${value ?? usual.name}`}
            aria-haspopup="dialog"
            onClick={open}
            className={cx(inputClass, "flex min-h-11 items-center gap-2 py-2 text-start")}
          >
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
              {value === null ? usual.name : <ModelId id={value} />}
              {isGone && <span className="text-ink-soft"> (not in the list)</span>}
            </span>
            <TriangleDownIcon className="shrink-0 text-ink-soft" />
          </button>
          {isOpen && (
            <ModelDialog
              source={source}
              chosen={value === null ? [] : [value]}
              usual={usual}
              bound={bound}
              onChoose={(id) => {
                onChange(id || null);
                setOpen(false);
              }}
              onClose={() => setOpen(false)}
            />
          )}
        </>
      )}
    </Field>
  );
}
