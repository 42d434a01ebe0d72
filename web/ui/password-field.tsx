import { EyeClosedIcon, EyeIcon } from "@primer/octicons-react";
import { type ComponentProps, useState } from "react";
import { cx } from "./class-names.ts";
import { Field } from "./field.tsx";
import { inputClass } from "./input-class.ts";

interface PasswordFieldProps extends ComponentProps<"input"> {
  label: string;
  hint?: string;
  error?: string | undefined;
}

/** A password that can be looked at: fewer typing errors, fewer resets. */
export function PasswordField({ label, hint, error, ...input }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <div className="relative">
          <input {...input} {...control} type={shown ? "text" : "password"} className={cx(inputClass, "h-11 pe-11")} />
          <button
            type="button"
            aria-pressed={shown}
            aria-label="Show password"
            onClick={() => setShown(!shown)}
            className="absolute inset-y-1 end-1 inline-flex w-9 items-center justify-center rounded-lg text-ink-soft hover:bg-hover hover:text-ink"
          >
            {shown ? <EyeClosedIcon /> : <EyeIcon />}
          </button>
        </div>
      )}
    </Field>
  );
}
