import type { ReactNode } from "react";

interface Choice {
  value: string;
  label: string;
  hint: string;
  icon?: ReactNode;
}

interface ChoiceCardsProps {
  legend: string;
  name: string;
  value: string;
  choices: readonly Choice[];
  onChange?: (value: string) => void;
}

/** One of a few, each with its consequence in a sentence. Native radios: they work in forms without script. */
export function ChoiceCards({ legend, name, value, choices, onChange }: ChoiceCardsProps) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-semibold text-sm">{legend}</legend>
      <div className="flex flex-col gap-2">
        {choices.map((choice) => (
          <label
            key={choice.value}
            className="flex cursor-pointer items-start gap-3 rounded-xl border border-line bg-surface px-4 py-3 transition-colors hover:bg-hover has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name={name}
              value={choice.value}
              defaultChecked={choice.value === value}
              onChange={() => onChange?.(choice.value)}
              className="mt-1 size-4 accent-accent outline-none"
            />
            <span className="min-w-0">
              <span className="flex items-center gap-2 font-medium text-[0.9375rem]">
                {choice.icon}
                {choice.label}
              </span>
              <span className="block text-ink-soft text-sm">{choice.hint}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
