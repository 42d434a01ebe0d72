import { cx } from "../ui/class-names.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Field } from "../ui/field.tsx";
import { inputClass } from "../ui/input-class.ts";

/** The clone's public address, ready to be sent to somebody. */
export function ShareLink({ url }: { url: string }) {
  return (
    <Field label="Public link">
      {(control) => (
        <div className="flex gap-2">
          <input
            {...control}
            readOnly
            value={url}
            onFocus={(event) => event.target.select()}
            className={cx(inputClass, "h-10 bg-sunken")}
          />
          <CopyButton
            text={url}
            label="Copy the public link"
            className="inline-flex h-10 shrink-0 items-center gap-2 rounded-[0.625rem] border border-line bg-surface px-3.5 font-medium text-sm shadow-card hover:bg-hover"
          >
            Copy
          </CopyButton>
        </div>
      )}
    </Field>
  );
}
