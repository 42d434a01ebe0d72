import { Field } from "./field.tsx";

interface SliderFieldProps {
  label: string;
  hint: string;
  min: number;
  max: number;
  step: number;
  /** Null leaves it to whoever decides otherwise. */
  value: number | null;
  /** Where the thumb stands while `value` is null. */
  resting: number;
  error?: string | undefined;
  onChange: (value: number | null) => void;
}

/** A number on a scale, or none at all. */
export function SliderField({ label, hint, min, max, step, value, resting, error, onChange }: SliderFieldProps) {
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      aside={
        <span className="flex items-center gap-2 text-sm">
          {value !== null && (
            <button
              type="button"
              onClick={() => onChange(null)}
              aria-label={`Reset ${label}`}
              className="rounded-md px-1 text-accent hover:underline"
            >
              Reset
            </button>
          )}
          <output className={value === null ? "text-ink-faint" : "font-medium tabular-nums"}>
            {value === null ? "Standard" : value}
          </output>
        </span>
      }
    >
      {(control) => (
        <input
          {...control}
          type="range"
          min={min}
          max={max}
          step={step}
          value={value ?? resting}
          aria-valuetext={value === null ? "Standard" : String(value)}
          onChange={(event) => onChange(Number(event.target.value))}
          className={`h-6 w-full cursor-pointer ${value === null ? "accent-ink-faint opacity-50" : "accent-accent"}`}
        />
      )}
    </Field>
  );
}
